package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which language the page speaks, whatever its own page or the browser call it. */
@Tag("tr-skip") // The browser has a language of its own.
class PageLanguageTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host(ManagedFamily family) throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(family)
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    @ParameterizedTest
    @CsvSource({
        "en-US@posix, Your API keys",
        "de-, Ihre API-Schlüssel",
        "de_DE, Ihre API-Schlüssel",
        "de-DE.UTF-8, Ihre API-Schlüssel",
        "de-CH-1996, Ihre API-Schlüssel",
        "zh-Hant, 您的金鑰",
        "zh-Hant-TW, 您的金鑰",
        "zh-TW, Your API keys",
        "x!, Your API keys",
    })
    void language_isTheNearestThatIsKnown(String tag, String title) throws Exception {
        try (ManagementWorld host = host(ManagedFamily.PERSONAL);
                PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, "alice@org_1")
                        .open()) {
            visit.addLanguage("zh-Hant", Map.of("title.personal", "您的金鑰"));
            visit.addLanguage("it", Map.of("title.personal", "Le tue chiavi"));
            visit.set("language", "it");
            assertThat(visit.heading("Le tue chiavi")).isVisible();
            visit.set("language", tag);

            assertThat(visit.page.locator("api-keys [lang]:not([lang='it']) .title"))
                    .hasText(title);
            assertThat(visit.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"۳", "3"})
    void number_isTyped_inTheDigitsOfTheLanguage_orOfTheKeyboard(String typed) throws Exception {
        try (ManagementWorld host = host(ManagedFamily.ADMINISTRATION)) {
            List.of("CRM", "Grafana", "Backup").forEach(name -> host.issue("alice", "org_1", name));
            try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.ADMINISTRATION, "root@org_root!")
                    .open()) {
                visit.addLanguage("fa", Map.of());
                visit.set("language", "fa");
                assertThat(visit.page.getByText("۳ keys")).isVisible();
                visit.selectSome();
                visit.button("Revoke ۳ keys").click();
                visit.inDialog(AriaRole.TEXTBOX, "Type ۳ to confirm").fill(typed);
                visit.inDialog(AriaRole.BUTTON, "Revoke ۳ keys").click();

                assertThat(visit.dialog()).containsText("۳ keys are revoked.");
                assertThat(host.storedKeys()).allMatch(key -> key.revocation() != null);
            }
        }
    }

    @Test
    void anotherNumber_isNotTaken() throws Exception {
        try (ManagementWorld host = host(ManagedFamily.ADMINISTRATION)) {
            List.of("CRM", "Grafana", "Backup").forEach(name -> host.issue("alice", "org_1", name));
            try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.ADMINISTRATION, "root@org_root!")
                    .open()) {
                visit.selectSome();
                visit.button("Revoke 3 keys").click();
                visit.inDialog(AriaRole.TEXTBOX, "Type 3 to confirm").fill("۴");
                visit.inDialog(AriaRole.BUTTON, "Revoke 3 keys").click();

                assertThat(visit.dialog()).containsText("Type the number of keys.");
                assertThat(host.storedKeys()).allMatch(key -> key.revocation() == null);
            }
        }
    }
}
