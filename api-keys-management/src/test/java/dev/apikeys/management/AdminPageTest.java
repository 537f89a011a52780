package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An administrator's page in a real Chromium. */
@Tag("tr-skip") // The browser has a language of its own.
class AdminPageTest {
    private static final int MANY = 10_000;

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

    private static Chromium chromium;

    @BeforeAll
    static void startChromium() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.ADMINISTRATION)
                .policy(ManagementWorld.manyKeys())
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    private static PageVisit root(ManagementWorld host) {
        return PageVisit.of(chromium, host, ManagedFamily.ADMINISTRATION, "root@org_root!")
                .open();
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
    void manyKeys_scrollWithoutWaiting() throws Exception {
        try (ManagementWorld host = host()) {
            for (int key = 0; key < MANY; key++) {
                host.issue("user" + key % 50, "org_1", "Key " + key);
            }
            try (PageVisit visit = root(host)) {
                assertThat(visit.page.getByRole(AriaRole.TABLE))
                        .hasAttribute("aria-rowcount", String.valueOf(MANY + 1));

                double longest = ((Number) visit.page.evaluate(SCROLL)).doubleValue();

                System.out.println("10,000 keys, longest scroll step: " + Math.round(longest) + " ms");
                assertThat(longest).isLessThanOrEqualTo(100);
            }
        }
    }
}
