package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tenant who lets agents do more, where the host asks for the password. */
@Tag("tr-skip") // The browser has a language of its own.
class AgentsProofPageTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.TENANT)
                .settings(servlet -> servlet.page()
                        .stepUp((user, typed) -> typed.reveal().equals(ManagementWorld.PASSWORD)
                                ? StepUp.Result.PROVEN
                                : StepUp.Result.WRONG))
                .start();
    }

    private static McpPreset preset(ManagementWorld host) {
        return host.storedKeys().get(0).options().mcp().getPreset();
    }

    @Test
    void wideningWhatAgentsMayDo_asksForThePassword_andNarrowingDoesNot() throws Exception {
        try (ManagementWorld host = host()) {
            host.issue("alice", "org_1", "Agent");
            try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.TENANT, "alice@org_1")
                    .open()) {
                visit.button("Agents Agent").click();
                visit.inDialog(AriaRole.RADIO, "Standard").check();
                visit.inDialog(AriaRole.BUTTON, "Save").click();
                visit.inDialog(AriaRole.TEXTBOX, "Your password").fill("wrong");
                visit.inDialog(AriaRole.BUTTON, "Save").click();
                assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your password")).hasAttribute("aria-invalid", "true");
                assertThat(preset(host)).isEqualTo(McpPreset.NONE);
                visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
                visit.inDialog(AriaRole.BUTTON, "Save").click();
                assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
                assertThat(preset(host)).isEqualTo(McpPreset.STANDARD);

                visit.button("Agents Agent").click();
                visit.inDialog(AriaRole.RADIO, "Nothing").check();
                visit.inDialog(AriaRole.BUTTON, "Save").click();
                assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
                assertThat(preset(host)).isEqualTo(McpPreset.NONE);
                assertThat(visit.failures).isEmpty();
            }
        }
    }
}
