package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.testservers.Chromium;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A token that is shown, and everything that can happen before the reader has stored it. */
@Tag("tr-skip") // The browser has a language of its own.
class PageTokenTest {
    /** Would a page that is closed now ask whether that is meant? */
    private static final String ASKS_BEFORE_LEAVING = """
            () => {
              const leaving = new Event('beforeunload', { cancelable: true });
              dispatchEvent(leaving);
              return leaving.defaultPrevented;
            }""";

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
        ManagementWorld world = HOST.of(ManagedFamily.PERSONAL);
        return PageVisit.of(CHROMIUM, world, ManagedFamily.PERSONAL, who + "@acme")
                .open();
    }

    private static String shadow(PageVisit visit) {
        return (String) visit.element("element => element.shadowRoot.innerHTML");
    }

    @Test
    void escape_howeverOften_leavesTheTokenThere() {
        try (PageVisit visit = visit("escape")) {
            String token = visit.create("CRM");
            for (int press = 0; press < 4; press++) {
                visit.page.keyboard().press("Escape");
            }

            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).hasValue(token);
            assertThat(visit.status("Store the key first")).isVisible();
            assertThat(visit.page.evaluate(ASKS_BEFORE_LEAVING)).isEqualTo(true);
        }
    }

    @Test
    void browserThatClosesTheDialog_isOverruled() {
        try (PageVisit visit = visit("closed")) {
            String token = visit.create("CRM");
            visit.element("element => element.shadowRoot.querySelector('dialog').close()");

            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).hasValue(token);
        }
    }

    @Test
    void pageThatIsLeft_keepsNoToken_evenIfTheBrowserKeepsThePage() {
        try (PageVisit visit = visit("left")) {
            String secret = secretOf(visit.create("CRM"));
            assertThat(shadow(visit)).contains(secret);

            visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
            visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

            assertThat(visit.heading("CRM")).isVisible();
            assertThat(shadow(visit)).doesNotContain(secret);
            assertThat(BrowserHeap.of(visit.page)).doesNotContain(secret);
            assertThat(visit.page.evaluate(ASKS_BEFORE_LEAVING)).isEqualTo(false);
        }
    }

    @Test
    void elementThatIsRemoved_takesTheTokenAlong() {
        try (PageVisit visit = visit("removed")) {
            String secret = secretOf(visit.create("CRM"));
            visit.page.evaluate("() => { window.kept = document.querySelector('api-keys'); kept.remove(); }");

            assertThat((String) visit.page.evaluate("kept.shadowRoot.innerHTML"))
                    .doesNotContain(secret);
            assertThat(BrowserHeap.of(visit.page)).doesNotContain(secret);
            assertThat(visit.page.evaluate(ASKS_BEFORE_LEAVING)).isEqualTo(false);
            assertThat(visit.failures).isEmpty();
        }
    }

    @Test
    void answerAfterTheElementWasRemoved_isShownNowhere() {
        ManagementWorld world = HOST.of(ManagedFamily.PERSONAL);
        try (PageVisit visit = visit("late")) {
            assertThat(visit.heading("No keys yet")).isVisible();
            HOST.answers.hold("POST", world.server.uri(ManagementWorld.MOUNT).getPath());
            visit.submitCreate("Too late");
            visit.page.evaluate("() => { window.kept = document.querySelector('api-keys'); kept.remove(); }");
            visit.page.waitForResponse(response -> response.status() == 201, () -> HOST.answers.release());
            visit.page.evaluate("document.querySelector('main').append(kept)");

            assertThat(visit.heading("Too late")).isVisible();
            assertThat(visit.dialog()).hasCount(0);
            assertThat(visit.failures).isEmpty();
        }
    }

    @Test
    void settingsThatAreLoadedAgain_leaveTheTokenThere() {
        try (PageVisit visit = visit("again")) {
            String token = visit.create("CRM");
            visit.set("language", "de");

            assertThat(visit.page.getByText("Ihre API-Schlüssel")).isVisible();
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).hasValue(token);
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            assertThat(visit.heading("CRM")).isVisible();
        }
    }

    @Test
    void clipboardThatRefuses_isTold_andTheTokenCanBeSelected() {
        try (PageVisit visit = visit("clip")) {
            String token = visit.create("CRM");
            visit.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }");
            visit.inDialog(AriaRole.BUTTON, "Copy").click();

            assertThat(visit.dialog()).containsText("Copying was not allowed here.");
            Locator shown = visit.inDialog(AriaRole.TEXTBOX, "Your new key");
            shown.focus();
            assertThat(shown.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)"))
                    .isEqualTo(token);
        }
    }

    @Test
    void linesToPaste_holdTheToken_andAreCopied() {
        try (PageVisit visit = visit("lines")) {
            String token = visit.create("CRM");
            for (String kind : List.of(".env", "curl", "MCP client")) {
                visit.inDialog(AriaRole.TAB, kind).click();
                assertThat(visit.inDialog(AriaRole.TABPANEL, kind)).containsText(token);
            }
            visit.inDialog(AriaRole.BUTTON, "Copy lines").click();
            assertThat(visit.dialog()).containsText("Copied");
            assertThat((String) visit.page.evaluate("navigator.clipboard.readText()"))
                    .contains("\"Authorization\": \"Bearer " + token);
        }
    }

    @Test
    void createThatIsClickedTwice_makesOneKey() {
        ManagementWorld world = HOST.of(ManagedFamily.PERSONAL);
        try (PageVisit visit = visit("twice")) {
            int before = world.storedKeys().size();
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
            visit.inDialog(AriaRole.BUTTON, "Create key").dblclick();

            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
            assertThat(world.storedKeys()).hasSize(before + 1);
        }
    }

    @Test
    void policyForContent_isObeyed_andWouldBeReported() {
        try (PageVisit visit = visit("policy")) {
            visit.create("CRM");
            assertThat(visit.forbidden()).isEmpty();

            visit.page.evaluate(
                    "document.body.append(Object.assign(document.createElement('style'), { textContent: 'a{}' }))");
            assertThat(visit.forbidden()).hasSize(1);
        }
    }

    private static String secretOf(String token) {
        return token.substring(token.indexOf('.') + 1);
    }
}
