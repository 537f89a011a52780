package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.Decision.Forward;
import dev.apikeys.mcp.servlet.Decision.Respond;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RequestPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about a request: who asks, under which policy, and by which HTTP method.
 *
 * <p>Thread-safe as long as the host's classifier and ceiling are.
 */
final class RequestDecider {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDecider.class);

    private final KeyService keys;
    private final CallClassifier classifier;
    private final @Nullable Function<Owner, McpPolicy> ceiling;
    private final String selfPath;
    private final ToolHints tools = new ToolHints();
    private final DenialAudit audit;
    private final PostDecider posts;

    RequestDecider(GuardFilter.Builder settings) {
        this.keys = settings.keys;
        this.classifier = settings.classifier;
        this.ceiling = settings.ceiling;
        this.selfPath = settings.selfPath;
        this.audit = new DenialAudit(settings.keys, settings.clientAddress);
        this.posts = new PostDecider(settings.maxRequestLength, audit);
    }

    /** Whatever goes wrong in a decision, it denies. */
    Decision decide(HttpServletRequest request) {
        try {
            return request.getUserPrincipal() instanceof KeyPrincipal principal
                    ? decide(request, principal)
                    : new Respond(Problem.NO_CREDENTIAL::send);
        } catch (InvalidMessageException invalid) {
            return Respond.with(invalid.response());
        } catch (Throwable failure) {
            return new Respond(FailureLog.deny(LOG, failure)::send);
        }
    }

    private Decision decide(HttpServletRequest request, KeyPrincipal principal) throws InvalidMessageException {
        Function<Owner, McpPolicy> above = ceiling;
        McpPolicy effective = above == null ? principal.mcp() : principal.mcp().within(above.apply(principal.owner()));
        RequestPolicy policy = new RequestPolicy(effective, classifier, tools, request);
        if (RequestPath.of(request).equals(selfPath)) {
            return Respond.with(
                    request.getMethod().equals("GET")
                            ? SelfDescription.of(policy)
                            : JsonResponse.methodNotAllowed("GET"));
        }
        return switch (request.getMethod()) {
            case "POST" -> post(request, principal, policy);
            case "GET" -> decideAboutAccess(request, principal, policy, Forward.stream(policy));
            case "DELETE" -> decideAboutAccess(request, principal, policy, Forward.asItIs(policy));
            default -> Respond.with(JsonResponse.methodNotAllowed("GET, POST, DELETE"));
        };
    }

    private Decision post(HttpServletRequest request, KeyPrincipal principal, RequestPolicy policy)
            throws InvalidMessageException {
        PostDecider.Decided decided = posts.decide(request, principal, policy);
        if (decided.opensSession()) {
            noteSession(principal);
        }
        return decided.decision();
    }

    private Decision decideAboutAccess(
            HttpServletRequest request, KeyPrincipal principal, RequestPolicy policy, Forward forward) {
        if (policy.decideAboutAccess() instanceof McpDecision.Denied denied) {
            audit.note(request, principal, AgentCall.of(request.getMethod()), denied);
            return Respond.with(JsonResponse.forbidden(
                    JsonRpcError.denied(MessageId.NONE, denied).toJson(), null));
        }
        return forward;
    }

    private void noteSession(KeyPrincipal principal) {
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
