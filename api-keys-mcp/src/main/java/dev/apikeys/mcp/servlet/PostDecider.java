package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.servlet.Decision.Respond;
import dev.apikeys.mcp.servlet.ParsedMessage.Kind;
import dev.apikeys.servlet.internal.FailureLog;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about a POST: each message by itself, and then what of the body goes on.
 *
 * <p>Thread-safe as long as the host's classifier is.
 */
final class PostDecider {
    private static final Logger LOG = LoggerFactory.getLogger(PostDecider.class);

    private final int maxLength;
    private final Audit audit;
    private final @Nullable URI resourceMetadata;

    PostDecider(int maxLength, Audit audit, @Nullable URI resourceMetadata) {
        this.maxLength = maxLength;
        this.audit = audit;
        this.resourceMetadata = resourceMetadata;
    }

    Decision decide(RequestPolicy policy) throws InvalidMessageException {
        byte[] body = RequestBody.read(policy.request(), maxLength);
        MessageReader.Body messages = MessageReader.read(body);
        MessageId id = messages.id();
        try {
            policy.requireGoodHeaders();
            policy.headers().checkAgainst(messages.list());
            SortedMessages sorted = sort(messages, policy);
            if (sorted == null) {
                return Respond.with(JsonResponse.unconfirmed(id));
            }
            if (sorted.allowed().isEmpty()) {
                return Respond.with(sorted.response(resourceMetadata));
            }
            policy.requireOwnSessions();
            if (opensSession(policy, sorted.allowed())) {
                audit.sessionOpened(policy.principal());
            }
            return sorted.forward(policy, body);
        } catch (InvalidMessageException invalid) {
            throw invalid.about(id);
        } catch (Throwable failure) {
            return Respond.with(JsonResponse.failed(id, FailureLog.denied(LOG, failure)));
        }
    }

    /** Null when one of them may change something while nobody can confirm that the key is still good. */
    private @Nullable SortedMessages sort(MessageReader.Body messages, RequestPolicy policy) {
        SortedMessages sorted = new SortedMessages(messages, policy.headers());
        for (ParsedMessage message : messages.list()) {
            McpCall call = policy.call(message.call());
            McpDecision decision = message.kind() == Kind.ANSWER ? policy.decideAboutAccess() : policy.decide(call);
            if (decision instanceof McpDecision.Denied denied) {
                if (!sorted.deny(message, denied)) {
                    audit.denied(policy, message.call(), denied);
                }
            } else if (policy.principal().freshness() == Freshness.WITHIN_GRACE
                    && message.isRequest()
                    && RequestPolicy.writes(call)) {
                return null;
            } else {
                sorted.allow(message);
            }
        }
        return sorted;
    }

    private static boolean opensSession(RequestPolicy policy, List<ParsedMessage> allowed) {
        return policy.headers().isSessionless()
                || allowed.stream()
                        .anyMatch(message -> message.call().method().equals(McpMethod.INITIALIZE.toString()));
    }
}
