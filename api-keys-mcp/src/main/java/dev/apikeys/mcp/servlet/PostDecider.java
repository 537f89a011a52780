package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.Decision.Forward;
import dev.apikeys.mcp.servlet.Decision.Respond;
import dev.apikeys.mcp.servlet.ParsedMessage.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about a POST: each message by itself, and then what of the body goes on. */
final class PostDecider {
    /** The first revision of the protocol without sessions. */
    private static final String WITHOUT_SESSIONS = "2026-07-28";

    private final int maxLength;
    private final DenialAudit audit;

    PostDecider(int maxLength, DenialAudit audit) {
        this.maxLength = maxLength;
        this.audit = audit;
    }

    /**
     * What was decided.
     *
     * @param opensSession whether the agent knows the present policy from now on
     */
    record Decided(Decision decision, boolean opensSession) {}

    Decided decide(HttpServletRequest request, KeyPrincipal principal, RequestPolicy policy)
            throws InvalidMessageException {
        byte[] body = RequestBody.read(request, maxLength);
        MessageReader.Body messages = MessageReader.read(body);
        if (!messages.isBatch()) {
            requireSameInHeaders(request, messages.list().get(0).call());
        }
        Sorted sorted = new Sorted();
        for (ParsedMessage message : messages.list()) {
            McpCall call = policy.call(message.call());
            McpDecision decision = message.kind() == Kind.ANSWER ? policy.decideAboutAccess() : policy.decide(call);
            if (decision instanceof McpDecision.Denied denied) {
                audit.note(request, principal, message.call(), denied);
                sorted.deny(message, denied);
            } else if (principal.freshness() == Freshness.WITHIN_GRACE && isWriting(message, call)) {
                MessageId id = messages.isBatch() ? MessageId.NONE : message.id();
                return new Decided(Respond.with(JsonResponse.unconfirmed(id)), false);
            } else {
                sorted.allowed.add(message);
            }
        }
        return sorted.allowed.isEmpty()
                ? new Decided(sorted.problem(messages), false)
                : new Decided(sorted.forward(messages, body, policy), opensSession(request, sorted.allowed));
    }

    private static boolean isWriting(ParsedMessage message, McpCall call) {
        return message.isRequest() && RequestPolicy.writes(call);
    }

    /** The messages of a body by what was decided about them. */
    private static final class Sorted {
        private final List<ParsedMessage> allowed = new ArrayList<>(1);
        private final List<String> errors = new ArrayList<>(1);
        private @Nullable McpPermission missing;

        void deny(ParsedMessage message, McpDecision.Denied denied) {
            missing = denied.missing();
            // Nobody waits for an answer to a notification or to an answer.
            if (message.isRequest()) {
                errors.add(JsonRpcError.denied(message.id(), denied).toJson());
            }
        }

        Decision problem(MessageReader.Body messages) {
            String json = messages.isBatch()
                    ? JsonRpcError.batch(errors)
                    : errors.stream()
                            .findFirst()
                            .orElseGet(() -> JsonRpcError.of(
                                            MessageId.NONE, JsonRpcError.REFUSED, "the API key may not do this")
                                    .toJson());
            return Respond.with(JsonResponse.forbidden(json, missing));
        }

        Forward forward(MessageReader.Body messages, byte[] body, RequestPolicy policy) {
            boolean whole = allowed.size() == messages.list().size();
            boolean isFiltered = !errors.isEmpty() || allowed.stream().anyMatch(ParsedMessage::asksForAList);
            return new Forward(policy, whole ? body : only(allowed, body), errors, isFiltered);
        }
    }

    private static byte[] only(List<ParsedMessage> allowed, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        char before = '[';
        for (ParsedMessage message : allowed) {
            out.write(before);
            out.write(body, message.start(), message.end() - message.start());
            before = ',';
        }
        out.write(']');
        return out.toByteArray();
    }

    private static boolean opensSession(HttpServletRequest request, List<ParsedMessage> allowed) {
        for (ParsedMessage message : allowed) {
            if (message.call().method().equals(McpMethod.INITIALIZE.toString())) {
                return true;
            }
        }
        String revision = request.getHeader("MCP-Protocol-Version");
        return revision != null
                && revision.length() == WITHOUT_SESSIONS.length()
                && revision.compareTo(WITHOUT_SESSIONS) >= 0
                && request.getHeader("Mcp-Session-Id") == null;
    }

    /** A server, or something between, may go by these headers: they must say what was decided about. */
    private static void requireSameInHeaders(HttpServletRequest request, AgentCall call)
            throws InvalidMessageException {
        String method = request.getHeader("Mcp-Method");
        String name = request.getHeader("Mcp-Name");
        if ((method != null && !method.equals(call.method()))
                || (name != null && !HeaderText.decoded(name).equals(call.name()))) {
            throw InvalidMessageException.invalid("a header differs from the body");
        }
    }
}
