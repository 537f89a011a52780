package dev.apikeys.mcp.servlet;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpDenial;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.servlet.Handling.Answer;
import dev.apikeys.mcp.servlet.Handling.Pass;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RequestPath;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an MCP server and lets through what the key's policy allows, for the Streamable HTTP transport and the
 * one before it, in every revision of the protocol: each message of a body is decided by itself, and lists show what the
 * key could use. What is denied never reaches the server; the client gets a JSON-RPC error with the request's id.
 *
 * <p>Register it behind {@link ApiKeyFilter}, which says who calls, for the server's path and for {@code …/self}, for all
 * dispatcher types and with support for asynchronous requests. A request without a key's principal is refused, whoever
 * else may have sent it.
 *
 * <p>A call that may change something is answered 503 while nobody can confirm that the key is still good. The policy is
 * the one of the moment at which a request begins; a stream that is open already goes on.
 *
 * <p>Thread-safe; one instance serves one MCP server, whose tools it remembers as they are listed.
 */
public final class GuardFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(GuardFilter.class);

    private final String passedAttribute = GuardFilter.class.getName() + "@" + System.identityHashCode(this);
    private final KeyService keys;
    private final ServerFacts host;
    private final ClientAddress clientAddress;
    private final @Nullable Function<Owner, McpPolicy> ceiling;
    private final String selfPath;
    private final KnownTools tools = new KnownTools();
    private final PostDecision posts;
    private final UnreadBody unread;
    private final int maxAnswerLength;

    GuardFilter(GuardFilterBuilder settings) {
        this.keys = settings.keys;
        this.host = settings.host;
        this.clientAddress = settings.clientAddress;
        this.ceiling = settings.ceiling;
        this.selfPath = settings.selfPath;
        this.posts = new PostDecision(settings.maxRequestLength, this::denied);
        this.unread = new UnreadBody(settings.maxRequestLength);
        this.maxAnswerLength = settings.maxAnswerLength;
    }

    /**
     * Starts a guard whose audit is this service's.
     *
     * @param keys stays the host's to close
     */
    public static GuardFilterBuilder builder(KeyService keys) {
        return new GuardFilterBuilder(keys);
    }

    /** What was let through, for the later dispatches of the request. */
    private record Passed(PassedRequest request, HttpServletResponse response) {
        boolean isWrappedBy(HttpServletRequest in) {
            return in == request || (in instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(request));
        }

        void finish() throws IOException {
            if (response instanceof FilteredResponse filtered) {
                filtered.finish();
            }
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest in) || !(response instanceof HttpServletResponse out)) {
            throw new ServletException("the MCP guard serves HTTP only");
        }
        if (in.getAttribute(passedAttribute) instanceof Passed passed
                && (in.getDispatcherType() != DispatcherType.REQUEST || passed.isWrappedBy(in))) {
            passAgain(passed, in, out, chain);
            return;
        }
        Handling verdict = decideSafely(in);
        if (verdict instanceof Answer answer) {
            unread.answer(in, out, answer.sending());
        } else if (verdict instanceof Pass pass) {
            FilteredResponse filtered =
                    pass.isFiltered() ? new FilteredResponse(out, pass.access(), pass.errors(), maxAnswerLength) : null;
            Passed passed = new Passed(new PassedRequest(in, pass.body(), filtered), filtered == null ? out : filtered);
            in.setAttribute(passedAttribute, passed);
            chain.doFilter(passed.request, passed.response);
            passed.finish();
        }
    }

    /**
     * What was let through comes again, by another dispatch or because the guard is mapped twice: nothing new is decided,
     * and its answer is still filtered.
     */
    private static void passAgain(Passed passed, HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws IOException, ServletException {
        if (in.getDispatcherType() != DispatcherType.ASYNC) {
            chain.doFilter(in, out);
            return;
        }
        if (passed.response instanceof FilteredResponse filtered) {
            filtered.dispatchedAgain();
        }
        boolean wrapped = passed.isWrappedBy(in);
        chain.doFilter(wrapped ? in : passed.request.on(in), wrapped ? out : passed.response);
        passed.finish();
    }

    /** Whatever goes wrong in a decision, it denies. */
    private Handling decideSafely(HttpServletRequest request) {
        try {
            return request.getUserPrincipal() instanceof KeyPrincipal principal
                    ? decide(request, principal)
                    : new Answer(Problem.NO_CREDENTIAL::send);
        } catch (ProblemException unreadable) {
            return new Answer(unreadable.answer()::send);
        } catch (Throwable failure) {
            return new Answer(FailureLog.deny(LOG, failure)::send);
        }
    }

    private Handling decide(HttpServletRequest request, KeyPrincipal principal) throws ProblemException {
        Function<Owner, McpPolicy> above = ceiling;
        McpPolicy policy = above == null ? principal.mcp() : principal.mcp().within(above.apply(principal.owner()));
        Access access = new Access(policy, host, tools, request);
        if (RequestPath.of(request).equals(selfPath)) {
            GuardResponse self = request.getMethod().equals("GET")
                    ? SelfDescription.answer(access)
                    : GuardResponse.methodNotAllowed("GET");
            return new Answer(self::send);
        }
        return switch (request.getMethod()) {
            case "POST" -> {
                Handling verdict = posts.decide(request, principal, access);
                if (verdict instanceof Pass pass && pass.opensSession()) {
                    noteSession(principal);
                }
                yield verdict;
            }
            case "GET" -> decideAboutAccess(request, principal, access, Pass.stream(access));
            case "DELETE" -> decideAboutAccess(request, principal, access, Pass.asItIs(access));
            default -> new Answer(GuardResponse.METHOD_NOT_ALLOWED::send);
        };
    }

    private Handling decideAboutAccess(HttpServletRequest request, KeyPrincipal principal, Access access, Pass pass) {
        if (access.decideAboutAccess() instanceof McpDecision.Denied denied) {
            denied(request, principal, new Message(request.getMethod(), null, Map.of()), denied.reason());
            String error = JsonRpcErrors.denied(MessageId.NONE, denied.reason());
            return new Answer(GuardResponse.forbidden(error, null)::send);
        }
        return pass;
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

    private void denied(HttpServletRequest request, KeyPrincipal principal, Message message, McpDenial reason) {
        String name = message.name();
        String what = JsonRpcErrors.reason(reason) + " " + message.method() + (name == null ? "" : " " + name);
        keys.mcpDenied(principal, clientAddress.request(request), what);
    }
}
