package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.servlet.internal.FailureLog;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one key may do in one request: the same policy for its calls and for the lists in its answers.
 *
 * <p>Thread-safe as long as the host is; answers may be written by other threads.
 */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final McpPolicy READING = McpPolicy.of(McpPreset.FULL).onlyReading();
    private static final McpCall NOTHING = McpCall.of("ping");
    private static final String TOOLS_CALL = "tools/call";

    private final McpPolicy policy;
    private final ServerFacts host;
    private final KnownTools tools;
    private final HttpServletRequest request;

    Access(McpPolicy policy, ServerFacts host, KnownTools tools, HttpServletRequest request) {
        this.policy = policy;
        this.host = host;
        this.tools = tools;
        this.request = request;
    }

    /** What a list holds, and the method that uses it. */
    enum Listed {
        TOOL(TOOLS_CALL),
        RESOURCE("resources/read"),
        PROMPT("prompts/get");

        private final String method;

        Listed(String method) {
            this.method = method;
        }
    }

    McpPolicy policy() {
        return policy;
    }

    /** About what is no call: a stream, the end of a session, an answer of the client. */
    McpDecision decideAboutAccess() {
        return policy.decide(NOTHING);
    }

    McpDecision decide(Message message) {
        return policy.decide(call(message));
    }

    /** Tells whether the call isn't known to only read. */
    static boolean writes(McpCall call) {
        return !READING.decide(call).isAllowed();
    }

    /** Tells whether a list shows this; where the host fails, it doesn't. */
    boolean lists(Listed kind, String name) {
        try {
            return policy.lists(call(new Message(kind.method, name, Map.of())));
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

    KnownTools tools() {
        return tools;
    }

    boolean isReadOnly(String tool) {
        return host.isReadOnly(tool, tools.isReadOnly(tool));
    }

    McpCall call(Message message) {
        String name = message.name();
        McpCall.Effect effect = message.method().equals(TOOLS_CALL) && name != null && isReadOnly(name)
                ? McpCall.Effect.READ_ONLY
                : McpCall.Effect.UNKNOWN;
        return new McpCall(
                message.method(), name, effect, host.project(request, message), host.instance(request, message));
    }
}
