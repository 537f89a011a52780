package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application sets, hears and changes. */
@Tag("tr-skip") // The browser has a language of its own.
class PageInApplicationTest {
    private static final int MAX_FIRST_LIST_MILLIS = 300;

    private static final PeopleHost HOST = new PeopleHost();

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void stop() {
        HOST.close();
    }

    @AfterEach
    void release() {
        HOST.answers.release();
    }

    private static PageVisit visit(String who) {
        return PageVisit.of(CHROMIUM, HOST.of(ManagedFamily.PERSONAL), ManagedFamily.PERSONAL, who + "@acme")
                .open();
    }

    @Test
    void application_hearsWhatHappens() {
        try (PageVisit visit = visit("events")) {
            visit.create("CRM");
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            visit.button("Pause CRM").click();
            visit.button("Resume CRM").click();
            visit.button("Revoke CRM").click();
            visit.inDialog(AriaRole.BUTTON, "Revoke key").click();
            assertThat(visit.status("CRM is revoked.")).isVisible();

            assertThat(visit.heard().stream().map(String::valueOf))
                    .containsExactly("loaded personal", "created CRM", "paused CRM", "resumed CRM", "revoked CRM");
        }
    }

    @Test
    void sessionThatHasEnded_isLeftToTheApplication_ifItWants() {
        try (PageVisit visit = visit("ended")) {
            assertThat(visit.heading("No keys yet")).isVisible();
            visit.page.evaluate("addEventListener('unauthorized', (event) => event.preventDefault())");
            visit.page.context().clearCookies();
            visit.element("element => element.refresh()");

            assertThat(visit.heard().stream().map(String::valueOf)).containsExactly("loaded personal", "unauthorized");
            assertThat(visit.heading("No keys yet")).isVisible();
            assertThat(visit.heading("Your session has ended")).hasCount(0);
        }
    }

    @Test
    void changeInAnotherTab_isSeen() {
        try (PageVisit visit = visit("tabs");
                PageVisit other = visit.anotherTab()) {
            assertThat(other.heading("No keys yet")).isVisible();
            visit.page.bringToFront();
            other.listedAgain(() -> visit.create("CRM")); // before it is stored
            assertThat(other.heading("CRM")).isVisible();
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            other.listedAgain(() -> visit.button("Pause CRM").click());
            assertThat(other.button("Resume CRM")).isVisible();
        }
    }

    @Test
    void twoElementsOfAPage_areSeparate_andSeeTheSameChanges() {
        try (PageVisit visit = visit("mia")) {
            assertThat(visit.heading("Zapier")).hasCount(1);
            visit.page.evaluate(
                    "document.querySelector('main').append(document.querySelector('api-keys').cloneNode())");
            assertThat(visit.heading("Zapier")).hasCount(2);
            visit.page.getByRole(AriaRole.SEARCHBOX).last().fill("nightly");
            assertThat(visit.heading("Zapier")).hasCount(1);

            visit.button("Pause Nightly report").first().click();
            assertThat(visit.button("Resume Nightly report")).hasCount(2);
            visit.button("Resume Nightly report").last().click();
            assertThat(visit.button("Pause Nightly report")).hasCount(2);
        }
    }

    @Test
    void proofOfTheApplication_isAskedForInsteadOfAPassword() throws Exception {
        StepUp passkeys = StepUp.asking(
                "passkey",
                (user, proof) -> proof.reveal().equals("signed") ? StepUp.Result.PROVEN : StepUp.Result.WRONG);
        try (ManagementWorld host = ManagementWorld.in(Container.JETTY)
                        .serving(ManagedFamily.WORKSPACE)
                        .settings(servlet -> servlet.page().stepUp(passkeys))
                        .start();
                PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.WORKSPACE, "alice@org_1")
                        .open()) {
            visit.element("element => { element.prove = async (action) => { throw new Error(action); }; }");
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.CHECKBOX, "manage").check();
            visit.inDialog(AriaRole.BUTTON, "Create key").click();
            assertThat(visit.dialog().getByRole(AriaRole.ALERT)).containsText("It was not confirmed that it is you.");
            visit.inDialog(AriaRole.BUTTON, "Cancel").click();

            visit.element(
                    "element => { element.prove = async (action) => action === 'create' ? 'signed' : ''; element.reload(); }");
            assertThat(visit.heading("No keys yet")).isVisible();
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.CHECKBOX, "manage").check();
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Confirmation")).hasCount(0);
            visit.inDialog(AriaRole.BUTTON, "Create key").click();
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
        }
    }

    @Test
    void callThatChangesSomething_carriesHeadersOfTheApplication_andTheTokenOfSpring() {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        try (PageVisit visit = visit("headers")) {
            visit.page.onRequest(request -> {
                if (request.method().equals("POST")) {
                    seen.add(request.headers().get("x-csrf-token") + " "
                            + request.headers().get("x-tenant"));
                }
            });
            visit.page.evaluate("""
                    () => {
                      for (const [name, content] of [['_csrf', 'token-of-spring'], ['_csrf_header', 'X-CSRF-TOKEN']]) {
                        document.head.append(Object.assign(document.createElement('meta'), { name, content }));
                      }
                      document.querySelector('api-keys').headers = async () => ({ 'X-Tenant': 'acme' });
                    }""");
            visit.create("CRM");
            assertThat(seen).containsExactly("token-of-spring acme");
        }
    }

    @Test
    void look_isChangedByPropertiesAndParts() {
        try (PageVisit visit = visit("look")) {
            visit.page.evaluate("""
                    () => {
                      const sheet = new CSSStyleSheet();
                      sheet.replaceSync('api-keys { --api-keys-accent: rgb(1, 2, 3); } api-keys::part(title) { color: rgb(4, 5, 6); }');
                      document.adoptedStyleSheets = [sheet];
                    }""");
            assertThat(visit.button("Create key").first()).hasCSS("background-color", "rgb(1, 2, 3)");
            assertThat(visit.heading("Your API keys")).hasCSS("color", "rgb(4, 5, 6)");
        }
    }

    @Test
    void times_areThoseOfTheReader_alsoAfterAJourney() {
        try (PageVisit visit = PageVisit.traveller(
                CHROMIUM, HOST.of(ManagedFamily.PERSONAL), ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            visit.arriveIn("UTC");
            visit.open();
            Locator zapier =
                    visit.page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("Zapier"));
            assertThat(zapier).containsText("20 days ago");
            assertThat(zapier).containsText("Apr 4, 2026, 9:42\u202fAM");
            assertThat(zapier.locator("time").first()).hasAttribute("datetime", "2026-04-04T09:42:10.000Z");

            visit.arriveIn("Asia/Tokyo");
            visit.element("element => element.refresh()");
            assertThat(zapier).containsText("Apr 4, 2026, 6:42\u202fPM");

            visit.set("language", "de");
            assertThat(zapier).containsText("vor 20 Tagen");
            assertThat(zapier).containsText("04.04.2026, 18:42");
        }
    }

    @Test
    void firstList_isShownSoonAfterTheModuleIsLoaded() throws Exception {
        long millis = BestTime.millis("from the module's load to the first list", MAX_FIRST_LIST_MILLIS, () -> {
            try (PageVisit visit = PageVisit.of(
                            CHROMIUM, HOST.of(ManagedFamily.PERSONAL), ManagedFamily.PERSONAL, PeopleHost.MIA)
                    .openAtPresent()) {
                assertThat(visit.heading("Your API keys")).isVisible();
                assertThat(visit.heading("Zapier")).isVisible();
                return visit.page.evaluate(
                        "loadedAt - performance.getEntriesByName(document.querySelector('script').src)[0].responseEnd");
            }
        });

        assertThat(millis).isLessThanOrEqualTo(MAX_FIRST_LIST_MILLIS);
    }
}
