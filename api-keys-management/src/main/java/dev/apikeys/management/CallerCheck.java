package dev.apikeys.management;

import dev.apikeys.ClientRequest;
import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.Credentials;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;

/**
 * Allows people in an interactive session, and no API keys: neither a key that a filter has recognised, nor one that is
 * only in the request. A key can't manage keys, whatever the host's resolver returns. It can only do what a family
 * allows it to do to itself.
 *
 * <p>Thread-safe.
 */
final class CallerCheck {
    /** No honest request carries more; each may cost a look-up. */
    private static final int MAX_CARRIED = 4;

    private final KeyService keys;
    private final SessionResolver sessions;
    private final CredentialPlaces places;

    CallerCheck(KeyService keys, SessionResolver sessions, CredentialPlaces places) {
        this.keys = keys;
        this.sessions = sessions;
        this.places = places;
    }

    Result<Caller.Session> session(HttpServletRequest request, ClientRequest from) {
        if (request.getUserPrincipal() instanceof KeyPrincipal
                || request.getAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE) != null) {
            return Result.failed(ManagementProblem.Plain.FORBIDDEN);
        }
        Credentials credentials = Credentials.read(request, keys.tokenFormat(), places);
        if (credentials instanceof Credentials.Several) {
            return Result.failed(ManagementProblem.Plain.SEVERAL_CREDENTIALS);
        }
        if (credentials instanceof Credentials.One one && keys.tokenFormat().claims(one.token())) {
            return Result.failed(
                    keys.verify(one.token(), from) instanceof Verification.Accepted
                            ? ManagementProblem.Plain.FORBIDDEN
                            : ManagementProblem.Plain.INVALID_TOKEN);
        }
        Set<String> carried = Credentials.carried(request, keys.tokenFormat());
        if (carried.size() > MAX_CARRIED) {
            return Result.failed(ManagementProblem.Plain.SEVERAL_CREDENTIALS);
        }
        // Text that only looks like a token may be what a search is about.
        boolean withKey = carried.stream().anyMatch(token -> keys.verify(token, from) instanceof Verification.Accepted);
        return withKey ? Result.failed(ManagementProblem.Plain.FORBIDDEN) : resolved(request);
    }

    /**
     * The key of the call, as the store confirms it now. A cookie in the same request is ignored.
     *
     * @throws dev.apikeys.StoreUnavailableException when the store can't confirm it
     */
    Result<KeyPrincipal> key(HttpServletRequest request, ClientRequest from) {
        Credentials credentials = Credentials.read(request, keys.tokenFormat(), places);
        if (credentials instanceof Credentials.Several) {
            return Result.failed(ManagementProblem.Plain.SEVERAL_CREDENTIALS);
        }
        if (credentials instanceof Credentials.None) {
            return Result.failed(ManagementProblem.Plain.UNAUTHENTICATED);
        }
        return credentials instanceof Credentials.One one
                        && keys.verify(one.token(), from, Freshness.CONFIRMED) instanceof Verification.Accepted accepted
                ? Result.done(accepted.principal())
                : Result.failed(ManagementProblem.Plain.INVALID_TOKEN);
    }

    private Result<Caller.Session> resolved(HttpServletRequest request) {
        Caller caller = Objects.requireNonNull(sessions.resolve(request), "the session resolver returned null");
        if (caller instanceof Caller.Session session) {
            return Result.done(session);
        }
        return Result.failed(
                caller instanceof Caller.Anonymous
                        ? ManagementProblem.Plain.UNAUTHENTICATED
                        : ManagementProblem.Plain.FORBIDDEN);
    }
}
