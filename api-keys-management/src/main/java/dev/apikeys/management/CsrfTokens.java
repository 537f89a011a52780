package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives the token with which the host protects itself from cross-site requests, for hosts whose own filter wants one in
 * every call that changes something. {@code GET settings} tells it to the page, which sends it back.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface CsrfTokens {
    /**
     * The token for calls of this caller.
     *
     * @return empty if none is needed
     */
    Optional<CsrfToken> tokenFor(HttpServletRequest request);

    /**
     * A header that a call must carry.
     *
     * <p>Immutable and thread-safe.
     *
     * @param header its name
     * @param value its value
     */
    record CsrfToken(String header, String value) {
        /** Checks that both are there. */
        public CsrfToken {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(value, "value");
        }

        /** Shows only the name of the header. */
        @Override
        public String toString() {
            return "CsrfToken[" + header + "]";
        }
    }
}
