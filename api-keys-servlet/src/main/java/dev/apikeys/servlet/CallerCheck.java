package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.Consistency;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/**
 * Lets in people in an interactive session, and no API key: neither one that a filter in front has recognised nor one
 * that only the request itself shows. A key manages no keys, whatever the host's resolver says; all it may do is what a
 * family lets it do to itself.
 *
 * <p>Thread-safe.
 */
final class CallerCheck {
    private final KeyService keys;
    private final SessionResolver sessions;

    CallerCheck(KeyService keys, SessionResolver sessions) {
        this.keys = keys;
        this.sessions = sessions;
    }

    Outcome<Caller.Session> session(HttpServletRequest request, ClientRequest from) {
        if (request.getUserPrincipal() instanceof KeyPrincipal
                || request.getAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE) != null) {
            return Outcome.failed(Failure.Plain.FORBIDDEN);
        }
        Credentials credentials = Credentials.read(request, keys.tokenFormat());
        if (credentials instanceof Credentials.Several) {
            return Outcome.failed(Failure.Plain.MALFORMED);
        }
        if (credentials instanceof Credentials.One one && keys.tokenFormat().claims(one.token())) {
            return Outcome.failed(
                    keys.verify(one.token(), from) instanceof Verification.Accepted
                            ? Failure.Plain.FORBIDDEN
                            : Failure.Plain.INVALID_TOKEN);
        }
        return resolved(request);
    }

    /**
     * The key that the call is made with, as the store confirms it now. A cookie next to it counts for nothing.
     *
     * @throws dev.apikeys.StoreUnavailableException when the store can't confirm it
     */
    Outcome<KeyPrincipal> key(HttpServletRequest request, ClientRequest from) {
        Credentials credentials = Credentials.read(request, keys.tokenFormat());
        if (credentials instanceof Credentials.Several) {
            return Outcome.failed(Failure.Plain.MALFORMED);
        }
        if (credentials instanceof Credentials.None) {
            return Outcome.failed(Failure.Plain.UNAUTHENTICATED);
        }
        return credentials instanceof Credentials.One one
                        && keys.verify(one.token(), from, Consistency.STRICT) instanceof Verification.Accepted accepted
                ? Outcome.done(accepted.principal())
                : Outcome.failed(Failure.Plain.INVALID_TOKEN);
    }

    private Outcome<Caller.Session> resolved(HttpServletRequest request) {
        Caller caller = Objects.requireNonNull(sessions.resolve(request), "the session resolver gave null");
        if (caller instanceof Caller.Session session) {
            return Outcome.done(session);
        }
        return Outcome.failed(
                caller instanceof Caller.Anonymous ? Failure.Plain.UNAUTHENTICATED : Failure.Plain.FORBIDDEN);
    }
}
