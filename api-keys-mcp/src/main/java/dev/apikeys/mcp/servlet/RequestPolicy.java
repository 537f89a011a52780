package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.servlet.internal.FailureLog;
import jakarta.servlet.http.HttpServletRequest;
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
    private final CallClassifier classifier;
    private final ToolHints tools;
    private final HttpServletRequest request;

    RequestPolicy(McpPolicy policy, CallClassifier classifier, ToolHints tools, HttpServletRequest request) {
        this.policy = policy;
        this.classifier = classifier;
        this.tools = tools;
        this.request = request;
    }

    McpPolicy policy() {
        return policy;
    }

    /** About what is no call: a stream, the end of a session, an answer of the client. */
    McpDecision decideAboutAccess() {
        return policy.decide(NOTHING);
    }

    McpDecision decide(McpCall call) {
        return policy.decide(call);
    }

    /** Tells whether the call isn't known to only read. */
    static boolean writes(McpCall call) {
        return !READING.decide(call).isAllowed();
    }

    /** Tells whether a list shows this; where the host fails, it doesn't. */
    boolean lists(ListKind kind, String name) {
        try {
            return policy.lists(call(new AgentCall(kind.uses().toString(), name, Map.of())));
        } catch (RuntimeException undecided) {
            LOG.warn(
                    "nothing could be decided about an entry of a list, so it isn't shown: {}",
                    FailureLog.line(undecided));
            return false;
        }
    }

    /** What the server says of a tool while it lists it. */
    void listed(String tool, boolean readOnly) {
        tools.listed(tool, readOnly);
    }

    ToolHints tools() {
        return tools;
    }

    boolean isReadOnly(String tool) {
        return classifier.isReadOnly(tool, tools.isReadOnly(tool));
    }

    /** What the policy is asked about. */
    McpCall call(AgentCall sent) {
        String name = sent.name();
        McpCall.Effect effect = sent.method().equals(TOOLS_CALL) && name != null && isReadOnly(name)
                ? McpCall.Effect.READ_ONLY
                : McpCall.Effect.UNKNOWN;
        return new McpCall(
                sent.method(), name, effect, classifier.project(request, sent), classifier.instance(request, sent));
    }
}
