package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.KeyUpdate;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.spi.KeyChange;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The latest MCP session of a key is noted beside its record, and changes nothing else. */
public interface McpSessionContract extends StoreUnderTest {
    @Test
    default void recordMcpSession_laterPolicyVersion_isNotedWithoutVersionAndEpoch() {
        ApiKey key = stored(new SampleKey().build());
        long epoch = nextEpoch();

        store().recordMcpSession(key.id(), 1);

        assertThat(current(key).mcpSessions()).isEqualTo(new McpSessions(1, 1));
        assertThat(credential(key.publicId()).key().mcpSessions()).isEqualTo(new McpSessions(1, 1));
        assertThat(current(key).version()).isEqualTo(1);
        assertThat(nextEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    default void recordMcpSession_duringAChange_isKeptByIt() {
        ApiKey before = stored(new SampleKey().build());
        store().recordMcpSession(before.id(), 1);
        ApiKey after = before.updated(KeyUpdate.nothing().mcp(policy -> policy.preset(McpPreset.FULL)), SampleKey.NOW);

        applied(SampleKey.change(before, after, SampleKey.NOW));

        assertThat(current(before).mcpSessions()).isEqualTo(new McpSessions(2, 1));
        assertThat(current(before).mcpReconnectRequired()).isTrue();
    }

    @Test
    default void recordMcpSession_earlierVersionOrKeyThatIsGone_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        store().recordMcpSession(key.id(), 3);
        store().recordMcpSession(key.id(), 2);
        store().recordMcpSession(UUID.randomUUID(), 9);
        assertThat(current(key).mcpSessions()).isEqualTo(new McpSessions(1, 3));
    }

    @Test
    default void recordMcpSession_ofARevokedKey_leavesItRevoked() {
        ApiKey key = stored(new SampleKey().build());
        store().recordMcpSession(key.id(), 1);
        KeyChange revocation = SampleKey.revoke(key);
        applied(revocation);

        store().recordMcpSession(key.id(), 2);

        assertThat(current(key).revocation()).isEqualTo(revocation.after().revocation());
        assertThat(current(key).version()).isEqualTo(2);
        assertThat(current(key).mcpSessions()).isEqualTo(new McpSessions(1, 2));
        assertThat(credential(key.publicId()).key()).isEqualTo(current(key));
    }

    @Test
    default void recordMcpSession_againstARevocation_neverUndoesIt() throws Exception {
        NoteRace.againstRevocations(
                this,
                (key, version) -> store().recordMcpSession(key.id(), version),
                current -> assertThat(current.mcpSessions()).isEqualTo(new McpSessions(1, NoteRace.LAST)));
    }
}
