package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * What one filter found out about the credential of a request, kept with the request for its later dispatches, so that a
 * key is verified, and counted, once. It lies in a request attribute that only this package can fill: no client can send an
 * attribute, and no application can make one of this type.
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
         * Somebody with a valid key.
         *
         * @param rate what the client is told of its quota, or null where there is no limit
         */
        record Holder(KeyPrincipal principal, @Nullable RateLimitFields rate) implements Identity {}

        /** Somebody of whom the host's own authentication knows more. */
        record PassedOn() implements Identity {}

        /**
         * Nobody who may come in.
         *
         * @param refusal what to answer
         * @param reason for the log, by its {@code toString}
         */
        record Stranger(Problem refusal, Object reason) implements Identity {}
    }

    boolean belongsTo(ApiKeyFilter filter) {
        return owner == filter;
    }

    Identity identity() {
        return identity;
    }

    /** The request as the application may see it: with a principal if a key came with it. */
    HttpServletRequest identified(HttpServletRequest request) {
        return identity instanceof Identity.Holder holder ? new KeyRequest(request, holder.principal()) : request;
    }

    /** Tells caches what the answer depends on: once, and anew where an error made the container drop it. */
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
