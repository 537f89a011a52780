package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.Scope;
import dev.apikeys.TokenFormat;
import dev.apikeys.servlet.RequestState.Identity;
import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.ProblemWording;
import dev.apikeys.servlet.internal.RequestPath;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out by which key a request comes, and leaves to somebody else what it may do: for frameworks that have rules of
 * their own, such as Spring Security or JAX-RS. A host without such rules takes an {@link ApiKeyFilter}.
 *
 * <p>Made by {@link ApiKeyFilterBuilder#authenticator()}. Whatever fails in it refuses the request.
 *
 * <p>Thread-safe.
 */
public final class KeyAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(KeyAuthenticator.class);

    private final Identification identification;
    private final TokenFormat format;
    private final CredentialPlaces places;
    private final UnreadBody unread = new UnreadBody(0);

    KeyAuthenticator(ApiKeyFilterBuilder settings) {
        this.identification = new Identification(settings);
        this.format = settings.keys.tokenFormat();
        this.places = settings.places;
    }

    /**
     * Who sent a request, as far as API keys can tell.
     *
     * <p>Immutable and thread-safe.
     */
    public static final class Result {
        private final Identity identity;
        private final CredentialPlaces places;

        private Result(Identity identity, CredentialPlaces places) {
            this.identity = identity;
            this.places = places;
        }

        /** Whose key it is; empty for a refused request, and for one without a credential that is meant for this library. */
        public Optional<KeyPrincipal> principal() {
            return identity instanceof Identity.Holder holder ? Optional.of(holder.principal()) : Optional.empty();
        }

        /** Tells whether the request must end here, by {@link KeyAuthenticator#refuse}: no other credential counts then. */
        public boolean isRefused() {
            return identity instanceof Identity.Stranger;
        }

        /** Tells caches that the answer depends on the key, and the client what is left of its quota. */
        public void mark(HttpServletResponse response) {
            Objects.requireNonNull(response, "response");
            response.addHeader("Vary", Problem.vary(places));
            if (identity instanceof Identity.Holder holder && holder.rate() != null) {
                holder.rate().setOn(response);
            }
        }
    }

    /**
     * Tells whether a request has a credential that is meant for this library, or several credentials, whether they are
     * any good or not. Nothing is verified.
     */
    public boolean isPresented(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        Credentials credentials = Credentials.read(request, format, places);
        return credentials instanceof Credentials.One || credentials instanceof Credentials.Several;
    }

    /**
     * Tells whether the address of a request has something in the parameter that may hold a key. Any page can make a browser open such an
     * address, so that it is no protection against cross-site requests, as a header is.
     */
    public boolean isInQuery(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        return Credentials.isInQuery(request.getQueryString(), places);
    }

    /**
     * Verifies the key of a request. To be asked once per request: asking counts against the key's rate limit and notes
     * its use.
     */
    public Result authenticate(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        try {
            return new Result(identification.of(request, RequestPath.of(request)), places);
        } catch (Throwable failure) {
            return new Result(new Identity.Stranger(FailureLog.deny(LOG, failure), "FAULT"), places);
        }
    }

    /**
     * Answers a request that was refused: 400, 401, 429, 500 or 503. The debug log of this class says why, without tokens.
     *
     * @throws IllegalArgumentException when it was not refused
     */
    public void refuse(Result result, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        if (!(result.identity instanceof Identity.Stranger stranger)) {
            throw new IllegalArgumentException("the request was not refused");
        }
        LOG.debug("refused with {}: {}", stranger.problem().status(), stranger.reason());
        send(stranger.problem(), request, response);
    }

    /** Answers a request that needs a key and has none: 401. */
    public void askForKey(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(Problem.NO_CREDENTIAL, request, response);
    }

    /**
     * Answers a request whose key may not do this: 403.
     *
     * @param needed the scope that would help, or null when none is known
     */
    public void forbid(@Nullable Scope needed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(needed == null ? Problem.NO_RULE : Problem.scopeMissing(needed), request, response);
    }

    /** In the words of the servlet that the request is for. */
    private void send(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        if (!response.isCommitted()) {
            unread.send(ProblemWording.worded(problem, request), places, request, response);
        }
    }
}
