package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.ApiKey;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An organization decides in a real Chromium what agents may do with its keys. */
@Tag("tr-skip") // The browser has a language of its own.
class TenantPageTest {
    private static final PeopleHost HOST = new PeopleHost();

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void stop() {
        HOST.close();
    }

    private static PageVisit visit() {
        return PageVisit.of(CHROMIUM, HOST.of(ManagedFamily.TENANT), ManagedFamily.TENANT, PeopleHost.MIA)
                .open();
    }

    private static McpPolicy stored(String name) {
        return HOST.of(ManagedFamily.TENANT).storedKeys().stream()
                .filter(key -> key.name().equals(name))
                .map(ApiKey::options)
                .findFirst()
                .orElseThrow()
                .mcp();
    }

    @Test
    void preset_isChosen_andExplainedBeforeItIsSaved() {
        try (PageVisit visit = visit()) {
            visit.button("Agents CRM production").click();
            assertThat(visit.dialog()).containsText("Agents can do nothing with this key.");
            visit.inDialog(AriaRole.RADIO, "Standard").check();
            assertThat(visit.dialog()).containsText("Agents may call every tool.");
            visit.inDialog(AriaRole.BUTTON, "Save").click();

            assertThat(visit.status("CRM production is changed.")).isVisible();
            assertThat(visit.button("Agents CRM production")).isFocused();
            assertThat(visit.page
                            .getByRole(AriaRole.LISTITEM)
                            .filter(new Locator.FilterOptions().setHasText("CRM production")))
                    .containsText("Standard");
            assertThat(stored("CRM production").getPreset()).isEqualTo(McpPreset.STANDARD);
        }
    }

    @Test
    void ownChoice_beginsWithStandard_andNamesKnownTools() {
        try (PageVisit visit = visit()) {
            visit.button("Agents Nightly report").click();
            visit.inDialog(AriaRole.RADIO, "My own choice").check();
            assertThat(visit.inDialog(AriaRole.CHECKBOX, "List and call tools")).isChecked();
            assertThat(visit.inDialog(AriaRole.CHECKBOX, "Set the server’s log level"))
                    .not()
                    .isChecked();
            visit.inDialog(AriaRole.RADIO, "Only these tools").check();
            visit.dialog().getByLabel("Run a report").check();
            visit.inDialog(AriaRole.TEXTBOX, "Names of tools").fill("issues_*");
            assertThat(visit.dialog()).containsText("Create an issue denied: it may change something");
            visit.inDialog(AriaRole.BUTTON, "Save").click();

            assertThat(visit.status("Nightly report is changed.")).isVisible();
            McpPolicy policy = stored("Nightly report");
            assertThat(policy.getPreset()).isEqualTo(McpPreset.CUSTOM);
            assertThat(policy.getTools().toString()).contains("reports_run", "issues_*");
        }
    }
}
