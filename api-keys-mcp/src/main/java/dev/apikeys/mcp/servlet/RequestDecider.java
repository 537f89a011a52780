package dev.apikeys.mcp.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.Owner;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.Decision.Content;
import dev.apikeys.mcp.servlet.Decision.Forward;
import dev.apikeys.mcp.servlet.Decision.Respond;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RequestPath;
import dev.apikeys.servlet.internal.UnreadBody;
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

    private static final Decision NO_CREDENTIAL =
            new Respond(UnreadBody.Answer.of(Problem.NO_CREDENTIAL, CredentialPlaces.DEFAULT));

    private final KnownServer server;
    private final @Nullable Function<Owner, McpPolicy> ceiling;
    private final String selfPath;
    private final Audit audit;
    private final PostDecider posts;

    RequestDecider(GuardFilter.Builder settings) {
        this.server = new KnownServer(settings.classifier);
        this.ceiling = settings.ceiling;
        this.selfPath = settings.selfPath;
        this.audit = new Audit(settings.keys, settings.clientAddress);
        this.posts = new PostDecider(settings.maxLengths.request(), audit, settings.resourceMetadata);
    }

    /** A decision that fails denies the request. */
    Decision decide(HttpServletRequest request) {
        try {
            KeyPrincipal principal = principal(request);
            return principal == null ? NO_CREDENTIAL : decide(request, principal);
        } catch (InvalidMessageException invalid) {
            return Respond.with(invalid.response());
        } catch (Throwable failure) {
            return Respond.with(JsonResponse.failed(MessageId.NONE, FailureLog.denied(LOG, failure)));
        }
    }

    /** In the attribute where the application's framework has principals of its own, as Spring Security has. */
    private static @Nullable KeyPrincipal principal(HttpServletRequest request) {
        if (request.getUserPrincipal() instanceof KeyPrincipal principal) {
            return principal;
        }
        return request.getAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE) instanceof KeyPrincipal principal
                ? principal
                : null;
    }

    private Decision decide(HttpServletRequest request, KeyPrincipal principal) throws InvalidMessageException {
        Function<Owner, McpPolicy> above = ceiling;
        McpPolicy effective = above == null ? principal.mcp() : principal.mcp().within(above.apply(principal.owner()));
        RequestPolicy policy = new RequestPolicy(effective, principal, server, request);
        if (RequestPath.of(request).equals(selfPath)) {
            return Respond.with(
                    request.getMethod().equals("GET")
                            ? SelfDescription.of(policy)
                            : JsonResponse.methodNotAllowed("GET"));
        }
        return switch (request.getMethod()) {
            case "POST" -> posts.decide(policy);
            case "GET" -> decideAboutAccess(policy, Content.LISTS);
            case "DELETE" -> decideAboutAccess(policy, Content.OTHER);
            default -> Respond.with(JsonResponse.methodNotAllowed("GET, POST, DELETE"));
        };
    }

    private Decision decideAboutAccess(RequestPolicy policy, Content content) throws InvalidMessageException {
        policy.requireGoodHeaders();
        if (policy.decideAboutAccess() instanceof McpDecision.Denied denied) {
            audit.denied(policy, AgentCall.of(policy.request().getMethod()), denied);
            return Respond.with(JsonResponse.forbidden(JsonRpcError.denied(MessageId.NONE, denied)));
        }
        policy.requireOwnSessions();
        return Forward.withoutBody(policy, content);
    }
}
