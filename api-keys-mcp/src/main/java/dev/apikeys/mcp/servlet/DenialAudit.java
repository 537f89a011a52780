package dev.apikeys.mcp.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.servlet.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Writes denials into the audit trail: the reason, the missing permission, the method, and what it named.
 *
 * <p>Thread-safe.
 */
final class DenialAudit {
    private final KeyService keys;
    private final ClientAddress clientAddress;

    DenialAudit(KeyService keys, ClientAddress clientAddress) {
        this.keys = keys;
        this.clientAddress = clientAddress;
    }

    void note(HttpServletRequest request, KeyPrincipal principal, AgentCall call, McpDecision.Denied denied) {
        StringBuilder what = new StringBuilder(JsonRpcError.code(denied.reason()));
        if (denied.missing() != null) {
            what.append(' ').append(denied.missing());
        }
        what.append(' ').append(call.method());
        if (call.name() != null) {
            what.append(' ').append(call.name());
        }
        keys.mcpDenied(principal, clientAddress.request(request), what.toString());
    }
}
