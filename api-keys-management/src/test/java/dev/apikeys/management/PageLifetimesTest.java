package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPolicy;
import dev.apikeys.Verification;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page offers where the policy's durations are no whole days or hours. */
@Tag("tr-skip") // The browser has a language of its own.
class PageLifetimesTest {
    private static final String ALICE = "alice@org_1";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host(KeyPolicy policy) throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .settings(ManagementServlet.Builder::page)
                .policy(policy)
                .start();
    }

    private static PageVisit visit(ManagementWorld host) {
        return PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, ALICE).open();
    }

    private static Object chosen(Locator select) {
        return select.evaluate("select => select.selectedOptions[0].textContent");
    }

    @ParameterizedTest
    @CsvSource({
        "PT4M, PT4M, '4 minutes (Feb 3, 2026, 9:46 AM)'",
        "PT8H, PT12H, '8 hours (Feb 3, 2026, 5:42 PM)'",
        "PT36H, PT36H, '36 hours (Feb 4, 2026, 9:42 PM)'",
        "P2D, P2D, '2 days (Feb 5, 2026)'",
    })
    void newKey_livesAsLongAsIsUsual_unlessSomethingElseIsChosen(Duration usual, Duration longest, String offered)
            throws Exception {
        try (ManagementWorld host = host(KeyPolicy.DEFAULT.lifetime(usual, longest));
                PageVisit visit = visit(host)) {
            visit.button("Create key").first().click();
            assertThat(chosen(visit.inDialog(AriaRole.COMBOBOX, "Expires"))).isEqualTo(offered);
            visit.inDialog(AriaRole.BUTTON, "Cancel").click();
            visit.submitCreate("CRM");

            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
            ApiKey stored = host.storedKeys().get(0);
            assertThat(Duration.between(stored.createdAt(), stored.expiresAt()))
                    .isBetween(usual.multipliedBy(9).dividedBy(10), usual);
        }
    }

    @Test
    void newKey_mayEndToday_whereNoneLivesLonger() throws Exception {
        try (ManagementWorld host = host(KeyPolicy.DEFAULT.lifetime(Duration.ofHours(8), Duration.ofHours(8)));
                PageVisit visit = visit(host)) {
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
            visit.inDialog(AriaRole.COMBOBOX, "Expires").selectOption("date");
            Locator date = visit.dialog().getByLabel("Date");
            assertThat(date).hasAttribute("min", "2026-02-03");
            assertThat(date).hasAttribute("max", "2026-02-03");
            date.fill("2026-02-03");
            visit.inDialog(AriaRole.BUTTON, "Create key").click();

            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
        }
    }

    @ParameterizedTest
    @CsvSource({"PT20M, 20 minutes", "PT90M, 90 minutes", "PT36H, 36 hours", "PT24H, 1 day"})
    void oldToken_keepsWorkingForTheUsualGrace(Duration grace, String offered) throws Exception {
        try (ManagementWorld host = host(KeyPolicy.DEFAULT.rotationGrace(grace))) {
            IssuedKey issued = host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host)) {
                visit.button("Rotate CRM").click();
                assertThat(chosen(visit.inDialog(AriaRole.COMBOBOX, "The old key keeps working for")))
                        .isEqualTo(offered);
                visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
                visit.inDialog(AriaRole.BUTTON, "Rotate").click();
                assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();

                host.clock.advance(grace.minusSeconds(1));
                assertThat(host.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);
                host.clock.advance(Duration.ofSeconds(2));
                assertThat(host.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
            }
        }
    }
}
