package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RateLimitFields;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * What one filter knows about a request: by which credential it comes, once that was asked, and what was decided last. It is
 * kept with the request for later dispatches, so that a key is verified and counted once. It is a request attribute that
 * only this package can set: no client can send an attribute, and no application can create an object of this type.
 *
 * <p>Not thread-safe: the dispatches of a request follow each other.
 */
final class RequestState {
    private final ApiKeyFilter owner;
    private @Nullable Identity identity;
    private boolean decided;
    private @Nullable Problem problem;
    private @Nullable String errorPage;
    private boolean responseMarked;

    RequestState(ApiKeyFilter owner) {
        this.owner = owner;
    }

    /** Who sent the request. */
    sealed interface Identity {
        /**
         * The holder of a valid key.
         *
         * @param rate what the client is told about its quota, or null if there is no limit
         */
        record Holder(KeyPrincipal principal, @Nullable RateLimitFields rate) implements Identity {}

        /** A caller that the host's own authentication has to check. */
        record PassedOn() implements Identity {}

        /**
         * A caller without a valid credential.
         *
         * @param problem the answer
         * @param reason for the log, by its {@code toString}
         */
        record Stranger(Problem problem, Object reason) implements Identity {}
    }

    boolean belongsTo(ApiKeyFilter filter) {
        return owner == filter;
    }

    /** Who sent the request; null as long as no rule has asked. */
    @Nullable
    Identity identity() {
        return identity;
    }

    /** Keeps who sent the request. */
    void identify(Identity sender) {
        identity = sender;
    }

    /** Keeps the latest decision, which holds for an error that follows, and returns it. */
    @Nullable
    Problem remember(@Nullable Problem decision) {
        decided = true;
        problem = decision;
        errorPage = null;
        return decision;
    }

    /** Tells whether what was decided holds for this error page: the first one, shown as often as it is asked for. */
    boolean holdsFor(String page) {
        if (!decided || (errorPage != null && !errorPage.equals(page))) {
            return false;
        }
        errorPage = page;
        return true;
    }

    /** Why the request was refused, or null if it was let in. */
    @Nullable
    Problem latestProblem() {
        return problem;
    }

    /** The request for the application: with a principal if it carries a valid key. */
    HttpServletRequest identified(HttpServletRequest request) {
        return identity instanceof Identity.Holder holder ? new KeyRequest(request, holder.principal()) : request;
    }

    /**
     * Tells caches what the answer depends on: once, and again if the container dropped the header because of an error.
     */
    void mark(HttpServletResponse response) {
        if (identity == null) {
            return;
        }
        String vary = owner.vary();
        if (responseMarked && response.getHeaders("Vary").contains(vary)) {
            return;
        }
        responseMarked = true;
        response.addHeader("Vary", vary);
        if (identity instanceof Identity.Holder holder) {
            if (!response.containsHeader("Cache-Control")) {
                response.addHeader("Cache-Control", "private");
            }
            if (holder.rate() != null) {
                holder.rate().setOn(response);
            }
        }
    }
}
