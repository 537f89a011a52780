package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpDenial;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.servlet.Element.Kind;
import dev.apikeys.mcp.servlet.Handling.Answer;
import dev.apikeys.mcp.servlet.Handling.Pass;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about a POST: each message by itself, and then what of the body goes on. */
final class PostDecision {
    /** The first revision of the protocol without sessions. */
    private static final String WITHOUT_SESSIONS = "2026-07-28";

    private final int maxLength;
    private final Denials denials;

    PostDecision(int maxLength, Denials denials) {
        this.maxLength = maxLength;
        this.denials = denials;
    }

    /** Is told of everything that is denied. */
    interface Denials {
        void note(HttpServletRequest request, KeyPrincipal principal, Message message, McpDenial reason);
    }

    Handling decide(HttpServletRequest request, KeyPrincipal principal, Access access) throws ProblemException {
        byte[] body = BodyReader.read(request, maxLength);
        MessageReader.Body messages = MessageReader.read(body);
        if (!messages.isBatch()) {
            requireSameInHeaders(request, messages.elements().get(0).message());
        }
        Sorted sorted = new Sorted();
        for (Element element : messages.elements()) {
            McpCall call = access.call(element.message());
            McpDecision decision = element.kind() == Kind.ANSWER
                    ? access.decideAboutAccess()
                    : access.policy().decide(call);
            if (decision instanceof McpDecision.Denied denied) {
                denials.note(request, principal, element.message(), denied.reason());
                sorted.deny(element, denied.reason());
            } else if (principal.freshness() == Freshness.WITHIN_GRACE && isWriting(element, call)) {
                return new Answer(GuardResponse.unconfirmed(messages.isBatch() ? MessageId.NONE : element.id())::send);
            } else {
                sorted.allowed.add(element);
            }
        }
        return sorted.allowed.isEmpty() ? sorted.refusal(messages) : sorted.pass(messages, body, request, access);
    }

    private static boolean isWriting(Element element, McpCall call) {
        return element.kind() == Kind.REQUEST && Access.writes(call);
    }

    /** The messages of a body by what was decided about them. */
    private static final class Sorted {
        private final List<Element> allowed = new ArrayList<>(1);
        private final List<String> errors = new ArrayList<>(1);
        private @Nullable McpPermission needed;

        void deny(Element element, McpDenial reason) {
            needed = reason == McpDenial.PERMISSION_MISSING ? permission(element.message()) : null;
            // Nobody waits for an answer to a notification or to an answer.
            if (element.kind() == Kind.REQUEST) {
                errors.add(JsonRpcErrors.denied(element.id(), reason));
            }
        }

        Answer refusal(MessageReader.Body messages) {
            String answer = messages.isBatch()
                    ? JsonRpcErrors.batch(errors)
                    : errors.stream()
                            .findFirst()
                            .orElseGet(() -> JsonRpcErrors.json(
                                    MessageId.NONE, JsonRpcErrors.REFUSED, "the API key may not do this"));
            return new Answer(GuardResponse.forbidden(answer, needed)::send);
        }

        Pass pass(MessageReader.Body messages, byte[] body, HttpServletRequest request, Access access) {
            boolean whole = allowed.size() == messages.elements().size();
            return new Pass(
                    access,
                    whole ? body : only(allowed, body),
                    errors,
                    !errors.isEmpty() || allowed.stream().anyMatch(Element::asksForAList),
                    opensSession(request, allowed));
        }
    }

    private static byte[] only(List<Element> allowed, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        char before = '[';
        for (Element element : allowed) {
            out.write(before);
            out.write(body, element.start(), element.end() - element.start());
            before = ',';
        }
        out.write(']');
        return out.toByteArray();
    }

    private static boolean opensSession(HttpServletRequest request, List<Element> allowed) {
        for (Element element : allowed) {
            if (element.message().method().equals("initialize")) {
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
    private static void requireSameInHeaders(HttpServletRequest request, Message message) throws ProblemException {
        String method = request.getHeader("Mcp-Method");
        String name = request.getHeader("Mcp-Name");
        if ((method != null && !method.equals(message.method()))
                || (name != null && !NameHeader.decoded(name).equals(message.name()))) {
            throw ProblemException.invalid("a header differs from the body");
        }
    }

    private static @Nullable McpPermission permission(Message message) {
        for (McpPermission permission : McpPermission.values()) {
            if (permission.methods().contains(message.method())) {
                return permission;
            }
        }
        return null;
    }
}
