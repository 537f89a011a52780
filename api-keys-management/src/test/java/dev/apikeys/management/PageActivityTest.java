package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ClientRequest;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyUpdate;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The activity of a key, page by page. */
@Tag("tr-skip") // The browser has a language of its own.
class PageActivityTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    private static PageVisit visit(ManagementWorld host) {
        PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, "alice@org_1")
                .open();
        visit.page.locator("[data-focus^='activity:']").click();
        assertThat(visit.dialog().getByRole(AriaRole.LISTITEM)).hasCount(20);
        return visit;
    }

    private static void change(ManagementWorld host, ApiKey key, int times) {
        for (int change = 0; change < times; change++) {
            host.clock.advance(Duration.ofSeconds(1));
            KeyUpdate another = KeyUpdate.nothing().named("CRM " + host.clock.instant());
            host.keys.update(KeyRef.of(key.id()), another, Actor.of("bob"));
        }
    }

    @Test
    void entry_isShownOnce_whateverHappensMeanwhile() throws Exception {
        try (ManagementWorld host = host()) {
            ApiKey key = host.issue("alice", "org_1", "CRM").key();
            change(host, key, 44);
            try (PageVisit visit = visit(host)) {
                change(host, key, 5);
                Locator rows = visit.dialog().getByRole(AriaRole.LISTITEM);
                visit.inDialog(AriaRole.BUTTON, "Show more").click();
                assertThat(rows).hasCount(35);
                visit.inDialog(AriaRole.BUTTON, "Show more").click();

                assertThat(rows).hasCount(45);
                assertThat(rows.last()).containsText("Created");
                assertThat(visit.inDialog(AriaRole.BUTTON, "Show more")).hasCount(0);
            }
        }
    }

    @Test
    void keyboard_goesOnFromWhereItWas_afterEachPage() throws Exception {
        try (ManagementWorld host = host()) {
            change(host, host.issue("alice", "org_1", "CRM").key(), 44);
            try (PageVisit visit = visit(host)) {
                Locator rows = visit.dialog().getByRole(AriaRole.LISTITEM);
                visit.inDialog(AriaRole.BUTTON, "Show more").focus();
                visit.page.keyboard().press("Enter");
                assertThat(rows).hasCount(40);
                assertThat(visit.inDialog(AriaRole.BUTTON, "Show more")).isFocused();
                visit.page.keyboard().press("Enter");
                assertThat(rows).hasCount(45);
                assertThat(visit.inDialog(AriaRole.BUTTON, "Close")).isFocused();
            }
        }
    }

    @Test
    void event_isTold_inTheLanguageOfTheReader_andItsReasonAsItWasGiven() throws Exception {
        try (ManagementWorld host = host()) {
            IssuedKey issued = host.issue("alice", "org_1", "CRM");
            KeyRef key = KeyRef.of(issued.key().id());
            KeyPrincipal principal = host.keys.verify(issued.token().reveal()).orElseThrow();
            host.keys.mcpDenied(principal, ClientRequest.NONE, "tool_not_listed tools/call issues_create");
            host.keys.flush();
            host.keys.pause(key, Actor.of("bob"));
            host.keys.resume(key, Actor.of("bob"));
            host.keys.revoke(key, Actor.of("bob"), "leaked in my_app");
            try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, "alice@org_1")
                    .open()) {
                visit.set("language", "de");
                assertThat(visit.heading("Ihre API-Schlüssel")).isVisible();
                visit.page.locator("[data-focus^='activity:']").click();
                Locator events = visit.dialog().locator(".event");

                assertThat(events).containsText(new String[] {
                    "Widerrufen · leaked in my_app",
                    "Fortgesetzt",
                    "Angehalten",
                    "Einem Agenten verweigert · tool_not_listed tools/call issues_create",
                    "Angelegt"
                });
                assertThat(events.nth(1)).hasText("Fortgesetzt");
                assertThat(events.nth(2)).hasText("Angehalten");
                assertThat(visit.dialog().locator(".refused")).hasCount(1);
            }
        }
    }
}
