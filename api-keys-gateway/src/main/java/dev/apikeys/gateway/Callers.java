package dev.apikeys.gateway;

import dev.apikeys.KeyService;
import dev.apikeys.Scope;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.KeyAuthenticator;
import dev.apikeys.servlet.KeyAuthenticator.Result;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who may ask about tokens (RFC 7662 section 2.1 demands that callers authenticate), or follow the changes of the keys.
 *
 * <p>Immutable and thread-safe.
 */
public final class Callers {
    private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";
    private static final Problem NOT_ALLOWED = Problem.of(403, "forbidden", "the caller may not ask");

    private final Function<KeyService, Check> check;

    private Callers(Function<KeyService, Check> check) {
        this.check = check;
    }

    /** Lets a caller ask, or answers it. */
    @FunctionalInterface
    interface Check {
        /** Tells whether the caller may ask; if not, the answer is sent. */
        boolean admits(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    /**
     * Holders of a key with this scope: as {@code Authorization: Bearer}, as {@code X-API-Key}, or as the user name of
     * {@code Basic}, which is the client id of usual clients; the client secret is not read.
     *
     * @param scope {@code verb:resource}, for example {@code introspect:keys}
     * @throws IllegalArgumentException if it is no scope
     */
    public static Callers withScope(String scope) {
        Scope needed = Scope.parse(Objects.requireNonNull(scope, "scope"));
        return new Callers(keys -> keyCheck(keys, needed));
    }

    /**
     * Everybody whose client certificate the container has accepted (mutual TLS). Which certificates these are, is the
     * container's setting: a trust store of its own, not that of public authorities.
     */
    public static Callers withCertificate() {
        return by(request -> request.getAttribute(CERTIFICATE) instanceof Object[] chain && chain.length > 0);
    }

    /** Whoever the host says, by whatever the request has; others get 403. */
    public static Callers by(Predicate<HttpServletRequest> host) {
        Objects.requireNonNull(host, "host");
        return new Callers(keys -> (request, response) -> {
            if (!host.test(request)) {
                Replies.send(NOT_ALLOWED, request, response);
                return false;
            }
            return true;
        });
    }

    Check check(KeyService keys) {
        return check.apply(keys);
    }

    private static Check keyCheck(KeyService keys, Scope needed) {
        KeyAuthenticator authenticator = ApiKeyFilter.builder(keys)
                .credentials(CredentialPlaces.DEFAULT.acceptBasic())
                .authenticator();
        return (request, response) -> {
            Result result = authenticator.authenticate(request);
            if (result.isRefused()) {
                authenticator.refuse(result, request, response);
            } else if (result.principal().isEmpty()) {
                authenticator.askForKey(request, response);
            } else if (!result.principal().get().scopes().allows(needed)) {
                authenticator.forbid(needed, request, response);
            } else {
                return true;
            }
            return false;
        };
    }
}
