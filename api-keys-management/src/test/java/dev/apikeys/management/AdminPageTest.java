package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.Actor;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An administrator's page in a real Chromium. */
@Tag("tr-skip") // The browser has a language of its own.
class AdminPageTest {
    private static final int MANY = 10_000;
    private static final long MAX_SCROLL_MILLIS = 100;
    private static final String ROOT = "root@org_root!";

    /** Scrolls through the whole table, and gives the longest time from a step to the frame that shows it. */
    private static final String SCROLL = """
            async () => {
              const table = document.querySelector('api-keys').shadowRoot.querySelector('.window');
              let longest = 0;
              for (let step = 0; step < 40; step += 1) {
                const begin = performance.now();
                table.scrollTop = (table.scrollHeight * step) / 40;
                await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
                longest = Math.max(longest, performance.now() - begin);
              }
              return longest;
            }""";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.ADMINISTRATION)
                .policy(ManagementWorld.manyKeys())
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    private static PageVisit root(ManagementWorld host) {
        return PageVisit.of(CHROMIUM, host, ManagedFamily.ADMINISTRATION, ROOT).open();
    }

    private static Locator checkbox(PageVisit visit, String name) {
        return visit.page.getByRole(
                AriaRole.CHECKBOX,
                new Page.GetByRoleOptions().setName("Select " + name).setExact(true));
    }

    @Test
    void administrator_searchesAndRevokesSeveralKeys() throws Exception {
        try (ManagementWorld host = host()) {
            for (int key = 0; key < 4; key++) {
                host.issue("alice", "org_1", "Build " + key);
            }
            host.issue("bob", "org_2", "Other");
            try (PageVisit visit = root(host)) {
                visit.page
                        .getByRole(
                                AriaRole.SEARCHBOX,
                                new Page.GetByRoleOptions()
                                        .setName("Search keys")
                                        .setExact(true))
                        .fill("build");
                assertThat(visit.page.getByText("4 keys", new Page.GetByTextOptions().setExact(true)))
                        .isVisible();
                checkbox(visit, "Build 1").check();
                checkbox(visit, "Build 2").check();
                visit.button("Revoke 2 keys").click();
                visit.inDialog(AriaRole.TEXTBOX, "Type 2 to confirm").fill("2");
                visit.inDialog(AriaRole.BUTTON, "Revoke 2 keys").click();

                assertThat(visit.page.getByRole(AriaRole.DIALOG)).containsText("2 keys are revoked.");
                visit.inDialog(AriaRole.BUTTON, "Close").click();
                assertThat(visit.page.getByText("2 keys", new Page.GetByTextOptions().setExact(true)))
                        .isVisible();
                assertThat(host.storedKeys())
                        .filteredOn(key -> key.revocation() != null)
                        .hasSize(2);
                assertThat(visit.failures).isEmpty();
            }
        }
    }

    @Test
    void keyThatWasRevokedMeanwhile_isReported_andTheOthersAreRevoked() throws Exception {
        try (ManagementWorld host = host()) {
            host.issue("alice", "org_1", "Build");
            var gone = host.issue("bob", "org_2", "Laptop").key();
            host.issue("bob", "org_2", "Backup");
            try (PageVisit visit = root(host)) {
                visit.button("Select all loaded").click();
                assertThat(visit.button("Revoke 3 keys")).isFocused();
                host.revoke(gone);
                visit.revokeSelected();

                assertThat(visit.dialog()).containsText("2 keys are revoked.");
                assertThat(visit.dialog().getByRole(AriaRole.LISTITEM)).containsText("Laptop: was already revoked");
                visit.page.keyboard().press("Escape");
                assertThat(visit.heading("Nobody has a key yet")).isVisible();
                assertThat(visit.heard().stream().map(String::valueOf))
                        .containsExactlyInAnyOrder("loaded admin", "revoked Build", "revoked Backup");
            }
        }
    }

    @Test
    void administrator_searchesByOwnerAndStatus() throws Exception {
        try (ManagementWorld host = host()) {
            host.revoke(host.issue("alice", "org_1", "Build").key());
            host.issue("alice", "org_1", "Laptop");
            host.issue("bob", "org_2", "Backup");
            try (PageVisit visit = root(host)) {
                visit.search("Owner", "alice");
                assertThat(visit.status("1 key")).isVisible();
                assertThat(checkbox(visit, "Laptop")).isVisible();
                visit.page
                        .getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Status"))
                        .selectOption("revoked");
                assertThat(checkbox(visit, "Build")).isDisabled();
                assertThat(visit.button("Revoke Build")).hasCount(0);
                visit.button("Activity Build").click();
                assertThat(visit.dialog()).containsText("Revoked");
            }
        }
    }

    @Test
    void manyKeys_scrollWithoutWaiting() throws Exception {
        try (ManagementWorld host = host()) {
            for (int key = 0; key < MANY; key++) {
                host.keys.issue(someKey(key));
            }

            long longestStep = BestTime.millis("10,000 keys, longest of 40 scroll steps", MAX_SCROLL_MILLIS, () -> {
                try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.ADMINISTRATION, ROOT)
                        .openAtPresent()) {
                    assertThat(visit.page.getByRole(AriaRole.TABLE))
                            .hasAttribute("aria-rowcount", String.valueOf(MANY + 1));
                    Object longest = visit.page.evaluate(SCROLL);
                    assertThat(visit.page.getByText("of 10,000")).isVisible();
                    return longest;
                }
            });

            assertThat(longestStep).isLessThanOrEqualTo(MAX_SCROLL_MILLIS);
        }
    }

    /** Of several owners and kinds. */
    private static KeySpec someKey(int number) {
        String owner = "owner" + number % 50;
        KeySpec spec = switch (number % 3) {
            case 0 -> KeySpec.forUser(owner, "org_1").mode(Mode.READ);
            case 1 -> KeySpec.forWorkspace(owner, "org_1", "org_1_home").scopes("read:systems");
            default -> KeySpec.forOrganization(owner).scopes("read:systems");
        };
        return spec.named("Key " + number).createdBy(Actor.of(owner));
    }
}
