package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/**
 * Lets in people in an interactive session, and no API key: neither one that a filter in front has recognised nor one
 * that only the request itself shows. A key manages no keys, whatever the host's resolver says.
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

    private Outcome<Caller.Session> resolved(HttpServletRequest request) {
        Caller caller = Objects.requireNonNull(sessions.resolve(request), "the session resolver gave null");
        if (caller instanceof Caller.Session session) {
            return Outcome.done(session);
        }
        return Outcome.failed(
                caller instanceof Caller.Anonymous ? Failure.Plain.UNAUTHENTICATED : Failure.Plain.FORBIDDEN);
    }
}
