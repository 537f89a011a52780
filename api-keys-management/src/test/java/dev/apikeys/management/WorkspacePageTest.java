package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.Grant;
import dev.apikeys.KeySpec;
import dev.apikeys.Scopes;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page for keys of workspaces. */
@Tag("tr-skip") // The browser has a language of its own.
class WorkspacePageTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    /** Nothing may be granted outside of workspaces. */
    private static ManagementWorld host() throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.WORKSPACE)
                .settings(ManagementServlet.Builder::page)
                .catalogue((caller, owner) -> "org_1".equals(owner.organization()) && "ws_1".equals(owner.workspace())
                        ? Grantable.scopes(ScopeGroup.of("traces", "read", "write"))
                        : Grantable.notAMember())
                .start();
    }

    @Test
    void keyOfAWorkspace_isChanged_withinWhatMayBeGrantedThere() throws Exception {
        try (ManagementWorld host = host()) {
            host.keys.issue(
                    KeySpec.forWorkspace("alice", "org_1", "ws_1").named("CRM").scopes("read:traces"));
            try (PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.WORKSPACE, "alice@org_1")
                    .open()) {
                visit.button("Edit CRM").click();
                visit.dialog().getByLabel("write").check();
                visit.inDialog(AriaRole.BUTTON, "Save").click();

                assertThat(visit.status("CRM is changed.")).isVisible();
                assertThat(host.storedKeys().get(0).grant())
                        .isEqualTo(Grant.of(Scopes.of("read:traces", "write:traces")));
            }
        }
    }
}
