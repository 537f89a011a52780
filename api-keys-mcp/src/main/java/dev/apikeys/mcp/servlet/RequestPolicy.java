package dev.apikeys.mcp.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.servlet.internal.FailureLog;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one key may do in one request: the same policy for its calls and for the lists in its answers.
 *
 * <p>Thread-safe as long as the host's classifier is; answers may be written by other threads.
 */
final class RequestPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPolicy.class);
    private static final McpPolicy READING = McpPolicy.of(McpPreset.FULL).onlyReading();
    private static final McpCall NOTHING = McpCall.of(McpMethod.PING.toString());
    private static final String TOOLS_CALL = McpMethod.TOOLS_CALL.toString();

    private final McpPolicy policy;
    private final KeyPrincipal principal;
    private final KnownServer server;
    private final HttpServletRequest request;

    RequestPolicy(McpPolicy policy, KeyPrincipal principal, KnownServer server, HttpServletRequest request) {
        this.policy = policy;
        this.principal = principal;
        this.server = server;
        this.request = request;
    }

    McpPolicy policy() {
        return policy;
    }

    KeyPrincipal principal() {
        return principal;
    }

    HttpServletRequest request() {
        return request;
    }

    ProtocolHeaders headers() {
        return new ProtocolHeaders(request);
    }

    /** About what is no call: a stream, the end of a session, an answer of the client. */
    McpDecision decideAboutAccess() {
        return policy.decide(NOTHING);
    }

    /** Refuses headers of the protocol that were sent twice, and revisions that don't exist. */
    void requireGoodHeaders() throws InvalidMessageException {
        headers().check(server.revisions());
    }

    /** The server said which revisions it supports. */
    void serverSupports(List<String> revisions) {
        server.supports(revisions);
    }

    /** Refuses sessions that the key hasn't opened, whether another one has or not. */
    void requireOwnSessions() throws InvalidMessageException {
        for (String session : headers().sessions()) {
            if (!server.sessions().isOpenFor(session, principal.keyId())) {
                throw InvalidMessageException.session();
            }
        }
    }

    /** The server opened a session, or goes on with one. */
    void sessionOpened(String session) {
        server.sessions().opened(session, principal.keyId());
    }

    McpDecision decide(McpCall call) {
        return policy.decide(call);
    }

    /** Tells whether the call isn't known to only read. */
    static boolean writes(McpCall call) {
        return !READING.decide(call).isAllowed();
    }

    /** Tells whether a list shows this; where the host fails, it doesn't. */
    boolean lists(ListKind.Entry kind, String name) {
        try {
            return policy.lists(call(new AgentCall(kind.method().toString(), kind.subject(), name, Map.of())));
        } catch (Exception undecided) {
            LOG.warn(
                    "nothing could be decided about an entry of a list, so it isn't shown: {}",
                    FailureLog.line(undecided));
            return false;
        }
    }

    /** What the server says of a tool while it lists it. */
    void listed(String tool, boolean readOnly) {
        server.tools().listed(principal.owner(), tool, readOnly);
    }

    /** The tools that the server listed to the key's owner. */
    List<String> knownTools() {
        return new ArrayList<>(server.tools().of(principal.owner()).keySet());
    }

    boolean isReadOnly(String tool) {
        return server.classifier().isReadOnly(request, tool, server.tools().isReadOnly(principal.owner(), tool));
    }

    /** What the policy is asked about. */
    McpCall call(AgentCall sent) {
        String name = sent.name();
        McpCall.Effect effect = sent.method().equals(TOOLS_CALL) && name != null && isReadOnly(name)
                ? McpCall.Effect.READ_ONLY
                : McpCall.Effect.UNKNOWN;
        CallClassifier classifier = server.classifier();
        return new McpCall(
                sent.method(), name, effect, classifier.project(request, sent), classifier.instance(request, sent));
    }
}
