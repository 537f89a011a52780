package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RateLimitFields;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The result of one filter about the credential of a request. It is kept with the request for later dispatches, so that
 * a key is verified and counted once. It is a request attribute that only this package can set: no client can send an
 * attribute, and no application can create an object of this type.
 *
 * <p>Not thread-safe: the dispatches of a request follow each other.
 */
final class RequestState {
    private final ApiKeyFilter owner;
    private final Identity identity;
    private boolean responseMarked;

    RequestState(ApiKeyFilter owner, Identity identity) {
        this.owner = owner;
        this.identity = identity;
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

    Identity identity() {
        return identity;
    }

    /** The request for the application: with a principal if it carries a valid key. */
    HttpServletRequest identified(HttpServletRequest request) {
        return identity instanceof Identity.Holder holder ? new KeyRequest(request, holder.principal()) : request;
    }

    /**
     * Tells caches what the answer depends on: once, and again if the container dropped the header because of an error.
     */
    void mark(HttpServletResponse response) {
        String vary = Problem.vary(owner.places());
        if (responseMarked && response.getHeaders("Vary").contains(vary)) {
            return;
        }
        responseMarked = true;
        response.addHeader("Vary", vary);
        if (identity instanceof Identity.Holder holder) {
            if (!response.containsHeader("Cache-Control")) {
                response.setHeader("Cache-Control", "private");
            }
            if (holder.rate() != null) {
                holder.rate().setOn(response);
            }
        }
    }
}
