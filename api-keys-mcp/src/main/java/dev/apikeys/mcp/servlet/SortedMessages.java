package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpDenial;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.servlet.Decision.Content;
import dev.apikeys.mcp.servlet.Decision.Expected;
import dev.apikeys.mcp.servlet.Decision.Forward;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a body by what was decided about them, and what follows: what goes on, and what the guard answers.
 *
 * <p>Not thread-safe; one object for one body.
 */
final class SortedMessages {
    private static final Set<McpDenial> EMPTIES_LISTS =
            EnumSet.of(McpDenial.PERMISSION_MISSING, McpDenial.PROJECT_NOT_ALLOWED, McpDenial.INSTANCE_NOT_ALLOWED);

    private final MessageReader.Body messages;
    private final ProtocolHeaders headers;
    private final List<ParsedMessage> allowed = new ArrayList<>(1);
    private final List<String> answers = new ArrayList<>(1);
    private final Set<McpPermission> missing = EnumSet.noneOf(McpPermission.class);
    private final Set<McpDenial> reasons = EnumSet.noneOf(McpDenial.class);
    private McpDecision.@Nullable Denied last;

    SortedMessages(MessageReader.Body messages, ProtocolHeaders headers) {
        this.messages = messages;
        this.headers = headers;
    }

    List<ParsedMessage> allowed() {
        return allowed;
    }

    void allow(ParsedMessage message) {
        allowed.add(message);
    }

    /**
     * Answers the message instead of the server.
     *
     * @return whether the answer is a list that is empty, which is no denial to the client
     */
    boolean deny(ParsedMessage message, McpDecision.Denied denied) {
        ListKind list = ListKind.askedBy(message.call().method());
        if (list != null && message.isRequest() && EMPTIES_LISTS.contains(denied.reason())) {
            answers.add(list.empty(message.id(), headers.fieldsOfLists()));
            return true;
        }
        last = denied;
        reasons.add(denied.reason());
        if (denied.missing() != null) {
            missing.add(denied.missing());
        }
        // Nobody waits for an answer to a notification or to an answer.
        if (message.isRequest()) {
            answers.add(JsonRpcError.denied(message.id(), denied).toJson());
        }
        return false;
    }

    /**
     * What the guard answers where nothing goes on. An error with status 200 reaches the client's user; with any other status
     * today's clients drop it.
     *
     * @param resourceMetadata where the host's authorization server is found, or null where it has none
     */
    JsonResponse response(@Nullable URI resourceMetadata) {
        if (answers.isEmpty()) {
            McpDecision.Denied denied = last;
            return JsonResponse.forbidden(
                    denied == null
                            ? JsonRpcError.of(MessageId.NONE, JsonRpcError.REFUSED, "the API key may not do this")
                            : JsonRpcError.denied(MessageId.NONE, denied));
        }
        String json = messages.isBatch() ? JsonRpcError.batch(answers) : answers.get(0);
        if (resourceMetadata != null && reasons.equals(EnumSet.of(McpDenial.PERMISSION_MISSING))) {
            return JsonResponse.insufficientScope(json, missing, resourceMetadata);
        }
        boolean isUnknown = reasons.contains(McpDenial.UNKNOWN_METHOD) && !messages.isBatch();
        return JsonResponse.of(isUnknown && headers.isSessionless() ? 404 : 200, json);
    }

    /** What goes on to the server, and what is added to its answer. */
    Forward forward(RequestPolicy policy, byte[] body) {
        boolean whole = allowed.size() == messages.list().size();
        Content content = allowed.stream().anyMatch(ParsedMessage::asksForLists) ? Content.LISTS : Content.OTHER;
        return new Forward(policy, whole ? body : only(body), new Expected(messages.id(), answers, content));
    }

    private byte[] only(byte[] body) {
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
}
