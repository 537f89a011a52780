package dev.apikeys.gateway;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints with which gateways and services in other languages ask about keys. The host chooses which of them it
 * serves, below one mapping:
 *
 * <pre>{@code
 * VerificationServlet servlet = VerificationServlet.builder(keys)
 *         .gateways("10.0.0.0/8")
 *         .introspection(Callers.withScope("introspect:keys"))
 *         .revocation()
 *         .forwardAuthentication(filter, Gateway.NGINX)
 *         .build();
 * context.addServlet("verification", servlet).addMapping("/keys/*");
 * }</pre>
 *
 * <ul>
 *   <li>{@code POST introspect} says what a token is good for (RFC 7662), {@code POST introspect/batch} the same for up to
 *       100 tokens;
 *   <li>{@code POST revoke} revokes the key whose token is sent (RFC 7009);
 *   <li>{@code auth} tells a gateway whether the request of a client may go on.
 * </ul>
 *
 * <p>The servlet decides nothing itself: the service verifies, and the host's filter has the rules. An answer about an
 * accepted key has {@code Cache-Control: max-age}, at most what is left of the revocation bound, in whole seconds; every
 * other answer has {@code no-store}. So a gateway that keeps answers for that time accepts no key later than twice
 * {@link dev.apikeys.LeasePolicy#trust()} after its revocation returned. With the default of one second nothing is kept.
 *
 * <p>Thread-safe.
 */
public final class VerificationServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(VerificationServlet.class);
    private static final String AUTH = "/auth";
    private static final Problem NOT_FOUND = Problem.of(404, "not_found", "there is no such endpoint");
    private static final Problem WRONG_METHOD = Problem.of(405, "method_not_allowed", "the method is not allowed");

    private final transient Map<String, Endpoint> endpoints;
    private final transient @Nullable ForwardAuthentication auth;

    private VerificationServlet(Map<String, Endpoint> endpoints, @Nullable ForwardAuthentication auth) {
        this.endpoints = endpoints;
        this.auth = auth;
    }

    /**
     * Starts a servlet; at least one endpoint must follow.
     *
     * @param keys the service that is asked; the host closes it
     */
    public static Builder builder(KeyService keys) {
        return new Builder(keys);
    }

    /** Answers a request of any method. A failure never lets anything go on. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Replies.orDeny(LOG, request, response, () -> answer(request, response));
    }

    /**
     * By the path as it was sent, not as the container understood it: a gateway may put a client's path behind that of the
     * endpoint, and {@code /auth/../introspect} is such a path.
     */
    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String mount = request.getContextPath() + request.getServletPath();
        String uri = request.getRequestURI();
        String path = uri.startsWith(mount) ? uri.substring(mount.length()) : "";
        Endpoint endpoint = endpoints.get(path);
        String below = "";
        if (endpoint == null && auth != null && auth.takesPathsBelow() && path.startsWith(AUTH + "/")) {
            endpoint = auth;
            below = path.substring(AUTH.length());
        }
        if (endpoint == null) {
            Replies.send(NOT_FOUND, request, response);
            return;
        }
        List<String> methods = endpoint.methods();
        if (!methods.isEmpty() && !methods.contains(request.getMethod())) {
            Replies.send(WRONG_METHOD.with("Allow", String.join(", ", methods)), request, response);
            return;
        }
        endpoint.answer(request, response, below);
    }

    /**
     * The settings of a servlet. Each value is checked at once, and their combination in {@link #build()}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final KeyService keys;
        private TrustedGateways gateways = TrustedGateways.NONE;
        private @Nullable RateLimit rateLimit;
        private @Nullable Callers callers;
        private @Nullable ApiKeyFilter filter;
        private @Nullable Gateway gateway;
        private boolean revokes;
        private LongSupplier ticker = System::nanoTime;

        private Builder(KeyService keys) {
            this.keys = Objects.requireNonNull(keys, "keys");
        }

        /**
         * The addresses of the gateways. Only they may ask for forward authentication, and only they are believed in
         * {@code X-Forwarded-For} and {@code Forwarded}. None by default.
         *
         * @param cidrs addresses and blocks, as {@link dev.apikeys.IpRange#parse} reads them, at least one
         * @throws IllegalArgumentException when there is none, or one is neither address nor block
         */
        public Builder gateways(String... cidrs) {
            gateways = TrustedGateways.at(Objects.requireNonNull(cidrs, "cidrs"));
            return this;
        }

        /**
         * Serves {@code introspect} and {@code introspect/batch}.
         *
         * @param callers who may ask
         */
        public Builder introspection(Callers callers) {
            this.callers = Objects.requireNonNull(callers, "callers");
            return this;
        }

        /**
         * Limits how often each key may be asked about at {@code introspect}; off by default. With a limit no answer may be
         * kept by a cache, because it would not count. The filter of {@code auth} has a limit of its own.
         */
        public Builder rateLimit(RateLimit rateLimit) {
            this.rateLimit = Objects.requireNonNull(rateLimit, "rateLimit");
            return this;
        }

        /** Serves {@code revoke}, for keys that may revoke themselves. */
        public Builder revocation() {
            revokes = true;
            return this;
        }

        /**
         * Serves {@code auth}.
         *
         * @param filter decides about the requests of clients; its rules name the paths that clients use at the gateway, and
         *     its client address must believe the same gateways; a request that it passes on with another credential is let
         *     in, with nothing in the identity headers
         * @param gateway how the request is told
         */
        public Builder forwardAuthentication(ApiKeyFilter filter, Gateway gateway) {
            this.filter = Objects.requireNonNull(filter, "filter");
            this.gateway = Objects.requireNonNull(gateway, "gateway");
            return this;
        }

        /** For tests: the elapsed time by which introspection goes. */
        Builder ticker(LongSupplier ticker) {
            this.ticker = ticker;
            return this;
        }

        /**
         * The servlet.
         *
         * @throws IllegalStateException when it would serve nothing, or serves forward authentication without the addresses
         *     of gateways
         */
        public VerificationServlet build() {
            Map<String, Endpoint> endpoints = new HashMap<>();
            if (callers != null) {
                Introspection introspection = new Introspection(keys, callers, gateways, rateLimit, ticker);
                endpoints.put("/introspect", introspection);
                endpoints.put("/introspect/batch", introspection.new Batch());
            }
            if (revokes) {
                endpoints.put("/revoke", new Revocation(keys, gateways));
            }
            ForwardAuthentication auth = null;
            if (filter != null && gateway != null) {
                if (gateways.isEmpty()) {
                    throw new IllegalStateException("name the gateways that may ask for forward authentication");
                }
                auth = new ForwardAuthentication(keys, filter, gateway, gateways);
                endpoints.put(AUTH, auth);
            }
            if (endpoints.isEmpty()) {
                throw new IllegalStateException("choose what the servlet serves, for example introspection(…)");
            }
            return new VerificationServlet(Map.copyOf(endpoints), auth);
        }
    }
}
