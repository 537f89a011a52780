package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.Verification;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole way of a user on the ready page, in a real Chromium. */
@Tag("tr-skip") // The browser has a language of its own.
class UserPageTest {
    private static final String ALICE = "alice@org_1";
    private static final List<String> NAMES = List.of(
            "<img src=x onerror=alert(1)>",
            "<script>document.title='x'</script>",
            "\" onmouseover=\"alert(1)",
            "{name} {count} ${1}",
            "عربي 𝔘 <b>bold</b>");

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    private static PageVisit alice(ManagementWorld host) {
        return PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, ALICE).open();
    }

    @Test
    void newUser_createsCopiesUsesRotatesAndRevokesAKey() throws Exception {
        try (ManagementWorld host = host();
                PageVisit visit = alice(host)) {
            assertThat(visit.heading("No keys yet")).isVisible();

            String token = visit.create("CRM production");
            visit.inDialog(AriaRole.BUTTON, "Copy").click();
            assertThat(visit.page.evaluate("navigator.clipboard.readText()")).isEqualTo(token);
            assertThat(host.keys.verify(token)).isInstanceOf(Verification.Accepted.class);
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            assertThat(visit.heading("CRM production")).isVisible();

            visit.button("Rotate CRM production").click();
            visit.inDialog(AriaRole.COMBOBOX, "The old key keeps working for").selectOption("0");
            visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
            visit.inDialog(AriaRole.BUTTON, "Rotate").click();
            String second = visit.inDialog(AriaRole.TEXTBOX, "Your new key").inputValue();
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
            assertThat(host.keys.verify(second)).isInstanceOf(Verification.Accepted.class);
            assertThat(host.keys.verify(token)).isInstanceOf(Verification.Rejected.class);

            visit.button("Revoke CRM production").click();
            visit.inDialog(AriaRole.BUTTON, "Revoke key").click();
            assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
            assertThat(host.keys.verify(second)).isInstanceOf(Verification.Rejected.class);
            assertThat(visit.failures).isEmpty();
        }
    }

    @Test
    void key_isPausedResumedAndRenamed() throws Exception {
        try (ManagementWorld host = host()) {
            host.issue("alice", "org_1", "Nightly report");
            try (PageVisit visit = alice(host)) {
                visit.button("Pause Nightly report").click();
                assertThat(visit.button("Resume Nightly report")).isFocused();
                visit.button("Resume Nightly report").click();
                assertThat(visit.button("Pause Nightly report")).isFocused();

                visit.button("Edit Nightly report").click();
                visit.inDialog(AriaRole.TEXTBOX, "Name").fill("Weekly report");
                visit.inDialog(AriaRole.BUTTON, "Save").click();
                assertThat(visit.heading("Weekly report")).isVisible();
                assertThat(visit.button("Edit Weekly report")).isFocused();
            }
        }
    }

    @Test
    void wrongFields_areToldAtTheFields_andKeepWhatWasTyped() throws Exception {
        try (ManagementWorld host = host();
                PageVisit visit = alice(host)) {
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.TEXTBOX, "Your password").fill("wrong");
            visit.inDialog(AriaRole.BUTTON, "Create key").click();

            Locator password = visit.inDialog(AriaRole.TEXTBOX, "Your password");
            assertThat(password).hasAttribute("aria-invalid", "true");
            assertThat(password)
                    .hasAccessibleDescription(Pattern.compile(".*This password is not correct\\..*", Pattern.DOTALL));
            assertThat(password).isFocused();
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Name")).hasValue("CRM");
        }
    }

    @Test
    void usedKey_isRevokedOnlyAfterItsNameWasTyped() throws Exception {
        try (ManagementWorld host = host()) {
            String token = host.issue("alice", "org_1", "CRM").token().reveal();
            host.keys.verify(token);
            host.keys.flush();
            try (PageVisit visit = alice(host)) {
                visit.button("Revoke CRM").click();
                visit.inDialog(AriaRole.TEXTBOX, "Type CRM to confirm").fill("crm");
                visit.inDialog(AriaRole.BUTTON, "Revoke key").click();
                assertThat(visit.inDialog(AriaRole.TEXTBOX, "Type CRM to confirm"))
                        .hasAttribute("aria-invalid", "true");
                assertThat(host.keys.verify(token)).isInstanceOf(Verification.Accepted.class);

                visit.inDialog(AriaRole.TEXTBOX, "Type CRM to confirm").fill("CRM");
                visit.inDialog(AriaRole.BUTTON, "Revoke key").click();
                assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
                assertThat(host.keys.verify(token)).isInstanceOf(Verification.Rejected.class);
            }
        }
    }

    @Test
    void names_stayTextInEveryPlace() throws Exception {
        try (ManagementWorld host = host()) {
            NAMES.forEach(name -> host.issue("alice", "org_1", name));
            host.clock.advance(Duration.ofDays(80)); // So that notices name them too.
            try (PageVisit visit = alice(host)) {
                for (String name : NAMES) {
                    assertThat(visit.heading(name)).isVisible();
                    for (String action : List.of("Rotate ", "Edit ", "Activity ", "Revoke ")) {
                        visit.button(action + name).click();
                        assertThat(visit.dialog()).containsText(name);
                        visit.page.keyboard().press("Escape");
                    }
                    visit.button("Pause " + name).click();
                    assertThat(visit.status(name + " is paused.")).isVisible();
                }
                assertThat(visit.page.getByRole(AriaRole.REGION)).containsText(NAMES.get(0));
                assertThat(visit.page.locator("img, script[src='x'], b")).hasCount(0);
                assertThat(visit.page.title()).isEqualTo("API keys");
                assertThat(visit.failures).isEmpty();
                assertThat(visit.forbidden()).isEmpty();
            }
        }
    }

    @Test
    void storedToken_isNowhereInThePageAnyMore() throws Exception {
        try (ManagementWorld host = host();
                PageVisit visit = alice(host)) {
            String token = visit.create("CRM");
            String secret = token.substring(token.indexOf('.') + 1);
            assertThat(BrowserHeap.of(visit.page)).contains(secret); // else the search itself would prove nothing

            visit.page.keyboard().press("Escape");
            assertThat(visit.page.getByRole(AriaRole.DIALOG)).isVisible();
            visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
            assertThat(visit.heading("CRM")).isVisible();

            assertThat(visit.page
                            .evaluate("document.querySelector('api-keys').shadowRoot.innerHTML")
                            .toString())
                    .doesNotContain(secret);
            assertThat(visit.page
                            .evaluate(
                                    "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, history.state])")
                            .toString())
                    .doesNotContain(secret);
            assertThat(BrowserHeap.of(visit.page)).doesNotContain(secret);
        }
    }
}
