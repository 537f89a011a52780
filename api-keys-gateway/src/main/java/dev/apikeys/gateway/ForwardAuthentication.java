package dev.apikeys.gateway;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Answers a gateway whether a client's request may go on. The host's filter decides, on the request that the gateway tells;
 * here it is only translated.
 *
 * <p>Thread-safe.
 */
final class ForwardAuthentication implements Endpoint {
    private static final Problem NO_GATEWAY = Problem.of(403, "forbidden", "only a gateway may ask");
    private static final Problem NOT_TOLD =
            Problem.of(400, "bad_request", "the gateway does not tell exactly one method and one path");

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST");

    private final KeyService keys;
    private final ApiKeyFilter filter;
    private final Gateway gateway;
    private final TrustedGateways trusted;

    ForwardAuthentication(KeyService keys, ApiKeyFilter filter, Gateway gateway, TrustedGateways trusted) {
        this.keys = keys;
        this.filter = filter;
        this.gateway = gateway;
        this.trusted = trusted;
    }

    @Override
    public List<String> methods() {
        return gateway == Gateway.ENVOY ? List.of() : METHODS;
    }

    /** Whether the gateway's path may go on behind that of the endpoint. */
    boolean takesPathsBelow() {
        return gateway == Gateway.ENVOY;
    }

    @Override
    public void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException {
        if (!trusted.sent(request)) {
            Replies.send(NO_GATEWAY, request, response);
            return;
        }
        OriginalRequest original = OriginalRequest.of(gateway, request, below).orElse(null);
        if (original == null) {
            Replies.send(NOT_TOLD, request, response);
            return;
        }
        Replies.send(request, response, answer -> decide(original, answer));
    }

    private void decide(OriginalRequest original, HttpServletResponse response) throws IOException {
        Admission admission = new Admission(keys);
        try {
            filter.doFilter(original, response, admission);
        } catch (ServletException failure) {
            throw new IllegalStateException(failure);
        }
        if (!admission.isGiven && response.getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
            // What the filter answers by itself, such as a preflight, is no permission to go on.
            response.reset();
            Replies.send(Problem.NO_RULE, original, response);
        }
    }

    /** What is behind the filter: the answer that lets the request go on. */
    private static final class Admission implements FilterChain {
        private final KeyService keys;
        private final CacheTime time;
        private boolean isGiven;

        /** Before the filter verifies. */
        Admission(KeyService keys) {
            this.keys = keys;
            this.time = CacheTime.before(keys);
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response) {
            isGiven = true;
            HttpServletResponse answer = (HttpServletResponse) response;
            KeyPrincipal principal =
                    ((HttpServletRequest) request).getUserPrincipal() instanceof KeyPrincipal holder ? holder : null;
            IdentityHeaders.set(answer, principal);
            // An answer from a cache would not count against the rate.
            boolean isCounted = answer.containsHeader("RateLimit");
            answer.setHeader(
                    "Cache-Control",
                    CacheTime.header(principal == null || isCounted ? 0 : time.secondsFor(principal, keys)));
            answer.setContentLength(0);
        }
    }
}
