package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.internal.FailureLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the key service what agents do: what was denied, and that one has seen the present policy.
 *
 * <p>Thread-safe.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final KeyService keys;
    private final ClientAddress clientAddress;

    Audit(KeyService keys, ClientAddress clientAddress) {
        this.keys = keys;
        this.clientAddress = clientAddress;
    }

    /** The reason, the missing permission, the method, and what it named. */
    void denied(RequestPolicy policy, AgentCall call, McpDecision.Denied denied) {
        StringBuilder what = new StringBuilder(JsonRpcError.code(denied.reason()));
        if (denied.missing() != null) {
            what.append(' ').append(denied.missing());
        }
        what.append(' ').append(call.method());
        if (call.name() != null) {
            what.append(' ').append(call.name());
        }
        keys.mcpDenied(policy.principal(), clientAddress.request(policy.request()), what.toString());
    }

    /** The agent knows the present policy from now on. */
    void sessionOpened(KeyPrincipal principal) {
        if (principal.freshness() != Freshness.CONFIRMED) {
            return;
        }
        try {
            keys.mcpSessionOpened(principal);
        } catch (StoreUnavailableException failure) {
            // The agent isn't to suffer for it; its next session is noted instead.
            LOG.debug("a session was not noted: {}", FailureLog.line(failure));
        }
    }
}
