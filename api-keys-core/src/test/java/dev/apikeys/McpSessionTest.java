package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class McpSessionTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued =
            service.keys().issue(TestKeys.spec().with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.READ_ONLY))));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void principal_keyWithAPolicy_carriesItWithoutAnotherLook() {
        assertThat(principal().mcp()).isEqualTo(McpPolicy.of(McpPreset.READ_ONLY));
    }

    @Test
    void policyChange_beforeTheFirstSession_requiresNoReconnect() {
        changePolicy(McpPreset.STANDARD);
        assertThat(stored().mcpReconnectRequired()).isFalse();
    }

    @Test
    void policyChange_afterASession_requiresAReconnectUntilTheNextSession() {
        service.keys().mcpSessionOpened(principal());
        assertThat(stored().mcpReconnectRequired()).isFalse();

        changePolicy(McpPreset.STANDARD);
        assertThat(stored().mcpReconnectRequired()).isTrue();

        service.keys().mcpSessionOpened(principal());
        assertThat(stored().mcpReconnectRequired()).isFalse();
    }

    @Test
    void otherChange_afterASession_requiresNoReconnect() {
        service.keys().mcpSessionOpened(principal());
        service.keys().update(ref(issued), KeyUpdate.nothing().named("other"), ACTOR);
        service.keys().update(ref(issued), KeyUpdate.nothing().mcp(policy -> policy), ACTOR);
        service.keys().pause(ref(issued), ACTOR);
        assertThat(stored().mcpReconnectRequired()).isFalse();
    }

    @Test
    void mcpSessionOpened_policySeenAlready_writesNothing() {
        KeyPrincipal principal = principal();
        service.keys().mcpSessionOpened(principal);
        service.store().forgetCalls();
        service.keys().mcpSessionOpened(principal);
        service.keys().mcpSessionOpened(principal());
        assertThat(service.store().allCalls()).isZero();
    }

    @Test
    void mcpSessionOpened_brokenStore_triesAgainWithTheNext() {
        KeyPrincipal principal = principal();
        service.store().before(StoreCall.RECORD_MCP_SESSION, arguments -> {
            throw new StoreUnavailableException("test");
        });
        assertThatThrownBy(() -> service.keys().mcpSessionOpened(principal))
                .isInstanceOf(StoreUnavailableException.class);

        service.store().heal();
        service.keys().mcpSessionOpened(principal);

        assertThat(stored().mcpSessions()).isEqualTo(new McpSessions(1, 1));
    }

    @Test
    void mcpDenied_manyTimes_isCountedAndAuditedAFewTimes() {
        KeyPrincipal principal = principal();
        for (int i = 0; i < 100; i++) {
            service.keys().mcpDenied(principal, ClientRequest.from("192.0.2.7"), "systems_delete: read_only\n");
        }
        service.keys().flush();

        assertThat(service.keys().stats().mcpDenials()).isEqualTo(100);
        List<AuditEntry> denied = service.keys()
                .audit(AuditFilter.everything().event(AuditEvent.MCP_DENIED), PageRequest.first(100))
                .items();
        assertThat(denied).hasSize(5).allSatisfy(entry -> {
            assertThat(entry.reason()).isEqualTo("systems_delete: read_only\uFFFD");
            assertThat(entry.keyId()).isEqualTo(issued.key().id());
            assertThat(entry.request().address()).isEqualTo("192.0.2.7");
        });
    }

    private KeyPrincipal principal() {
        return service.verify(issued).orElseThrow();
    }

    private ApiKey stored() {
        return service.keys().find(issued.key().id()).orElseThrow();
    }

    private void changePolicy(McpPreset preset) {
        service.keys().update(ref(issued), KeyUpdate.nothing().mcp(policy -> policy.preset(preset)), ACTOR);
        service.verify(issued);
    }
}
