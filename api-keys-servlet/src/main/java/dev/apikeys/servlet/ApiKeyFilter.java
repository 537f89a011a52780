package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.PathRules.Demand;
import dev.apikeys.servlet.PathRules.Rule;
import dev.apikeys.servlet.RequestState.Identity;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.ProblemWording;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allows requests by API key, and denies requests without a matching rule.
 *
 * <p>A token is taken from {@code Authorization: Bearer} or {@code X-API-Key}, exactly one, unless the host names other
 * {@linkplain CredentialPlaces places}. Behind the filter, {@code getUserPrincipal()} is the {@link KeyPrincipal},
 * {@code isUserInRole("read:systems")} asks for a scope, and {@link #PRINCIPAL_ATTRIBUTE} holds the principal too. The
 * filter rejects requests without a valid key, paths that can be read in two ways, and requests that it could not
 * decide about.
 *
 * <p>Register it first, for {@code /*}, for <em>all</em> dispatcher types and with support for asynchronous requests:
 * it verifies a key once per request, and decides about the target of each dispatch. An error page is no target: it is
 * shown for a request that was let in, and needs no rule.
 *
 * <p>Thread-safe; one instance serves a whole application. Nothing is kept in thread locals.
 */
public final class ApiKeyFilter implements Filter {
    /** The request attribute with the {@link KeyPrincipal} of a request with a valid key. */
    public static final String PRINCIPAL_ATTRIBUTE = "dev.apikeys.principal";

    /** The value of {@code getAuthType()} for a request with a valid key. */
    public static final String AUTH_TYPE = KeyRequest.AUTH_TYPE;

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyFilter.class);

    private final String stateAttribute = ApiKeyFilter.class.getName() + "@" + System.identityHashCode(this);
    private final PathRules rules;
    private final Identification identification;
    private final ClientAddress clientAddress;
    private final CredentialPlaces places;
    private final String vary;
    private final @Nullable Cors cors;
    /** The filter doesn't know how long bodies may be, so it only waits for short ones. */
    private final UnreadBody unread = new UnreadBody(0);

    ApiKeyFilter(ApiKeyFilterBuilder settings) {
        this.rules = new PathRules(settings.rules);
        this.identification = new Identification(settings);
        this.clientAddress = settings.clientAddress;
        this.places = settings.places;
        this.vary = Problem.vary(places);
        this.cors = settings.cors;
    }

    /**
     * Starts a filter that verifies with this service; at least one rule must follow.
     *
     * @param keys the service; the host closes it
     */
    public static ApiKeyFilterBuilder builder(KeyService keys) {
        return new ApiKeyFilterBuilder(keys);
    }

    /** Why a request is refused; null if it goes on. */
    private record Decision(RequestState state, @Nullable Problem problem) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(chain, "chain");
        if (!(request instanceof HttpServletRequest in) || !(response instanceof HttpServletResponse out)) {
            throw new ServletException("the API key filter serves HTTP only");
        }
        if (cors != null && cors.answer(in, out)) {
            return;
        }
        Decision decision = decideSafely(in);
        if (decision.problem != null) {
            refuse(decision.problem, in, out);
            return;
        }
        decision.state.mark(out);
        chain.doFilter(decision.state.identified(in), out);
    }

    /** A decision that fails denies the request. */
    private Decision decideSafely(HttpServletRequest request) {
        try {
            RequestState state = stateOf(request);
            return new Decision(state, decideDispatch(state, request));
        } catch (Throwable failure) {
            return new Decision(new RequestState(this), FailureLog.deny(LOG, failure));
        }
    }

    private @Nullable Problem decideDispatch(RequestState state, HttpServletRequest request) {
        return switch (request.getDispatcherType()) {
            // A part that is included is not the answer, so an error that follows is not about it.
            case INCLUDE -> decide(state, request);
            case ERROR -> decideError(state, request);
            default -> state.remember(decide(state, request));
        };
    }

    /**
     * The host chose its error page, not the client, so what was decided about the request holds for it. An error page that
     * forwards names another target; Tomcat calls that an error too.
     */
    private @Nullable Problem decideError(RequestState state, HttpServletRequest request) {
        return state.holdsFor(request.getRequestURI()) ? state.latestProblem() : state.remember(decide(state, request));
    }

    private @Nullable Problem decide(RequestState state, HttpServletRequest request) {
        boolean included = request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) != null;
        String path = included ? includedPath(request) : path(request.getServletPath(), request.getPathInfo());
        String uri = included
                ? (String) request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)
                : request.getRequestURI();
        if (uri == null || !RawPath.isPlain(uri) || !RawPath.isPlainDecoded(path)) {
            return refuse(Problem.BAD_PATH, "BAD_PATH", null, null, request);
        }
        Rule rule = rules.find(request.getMethod(), path);
        if (rule != null && !rule.asksForKey()) {
            return null;
        }
        Identity identity = state.identity();
        return judge(identity == null ? identify(state, request, path) : identity, rule, request);
    }

    private @Nullable Problem judge(Identity identity, @Nullable Rule rule, HttpServletRequest request) {
        if (identity instanceof Identity.Stranger stranger) {
            return refuse(stranger.problem(), stranger.reason(), rule, null, request);
        }
        if (identity instanceof Identity.Holder holder) {
            KeyPrincipal principal = holder.principal();
            if (rule == null) {
                return refuse(withQuota(Problem.NO_RULE, holder), "NO_RULE", null, principal, request);
            }
            if (rule.demand() instanceof Demand.KeyWith needed
                    && !principal.scopes().allows(needed.scope())) {
                return refuse(withQuota(needed.otherwise(), holder), "SCOPE_MISSING", rule, principal, request);
            }
        }
        return null;
    }

    private static Problem withQuota(Problem problem, Identity.Holder holder) {
        return holder.rate() == null ? problem : holder.rate().addTo(problem);
    }

    private RequestState stateOf(HttpServletRequest request) {
        if (request.getAttribute(stateAttribute) instanceof RequestState state && state.belongsTo(this)) {
            return state;
        }
        RequestState state = new RequestState(this);
        request.setAttribute(stateAttribute, state);
        return state;
    }

    private Identity identify(RequestState state, HttpServletRequest request, String path) {
        Identity identity = identification.of(request, path);
        state.identify(identity);
        if (identity instanceof Identity.Holder holder) {
            request.setAttribute(PRINCIPAL_ATTRIBUTE, holder.principal());
        }
        return identity;
    }

    private Problem refuse(
            Problem problem,
            Object reason,
            @Nullable Rule rule,
            @Nullable KeyPrincipal principal,
            HttpServletRequest request) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "refused with {}: {}, rule {}, key {}, from {}",
                    problem.status(),
                    reason,
                    rule,
                    principal == null ? null : principal.keyId(),
                    // The constructor replaces characters that could break the line.
                    ClientRequest.from(clientAddress.of(request)).address());
        }
        return problem;
    }

    private void refuse(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted() || isPartOfAnAnswer(problem, request, response)) {
            return;
        }
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            response.reset();
            markForOrigin(request, response);
        }
        unread.send(ProblemWording.worded(problem, request), places, request, response);
    }

    private void markForOrigin(HttpServletRequest request, HttpServletResponse response) {
        if (cors != null) {
            cors.mark(request, response);
        }
    }

    /** What answers depend on. */
    String vary() {
        return vary;
    }

    /** An include can only add to an answer, and so can a forward inside an include. They can't set a status. */
    private static boolean isPartOfAnAnswer(Problem problem, HttpServletRequest request, HttpServletResponse response) {
        if (request.getDispatcherType() == DispatcherType.FORWARD) {
            response.setStatus(problem.status());
            return response.getStatus() != problem.status();
        }
        return request.getDispatcherType() == DispatcherType.INCLUDE;
    }

    private static String includedPath(HttpServletRequest request) {
        return path((String) request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH), (String)
                request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO));
    }

    private static String path(@Nullable String servletPath, @Nullable String pathInfo) {
        if (servletPath == null || servletPath.isEmpty()) {
            return pathInfo == null || pathInfo.isEmpty() ? "/" : pathInfo;
        }
        return pathInfo == null ? servletPath : servletPath + pathInfo;
    }
}
