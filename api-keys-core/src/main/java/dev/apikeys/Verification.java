package dev.apikeys;

import java.util.Objects;

/**
 * The answer to a presented token: accepted or rejected. A rejection is a value and not an exception. If the store
 * can't be asked, {@link StoreUnavailableException} is thrown instead.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Verification {
    /**
     * The token is accepted.
     *
     * @param principal who the key acts for, and what it may do
     */
    record Accepted(KeyPrincipal principal) implements Verification {
        /** Checks that nothing is missing. */
        public Accepted {
            Objects.requireNonNull(principal, "principal");
        }
    }

    /**
     * The token is rejected.
     *
     * @param reason the reason, for use inside the host
     */
    record Rejected(Rejection reason) implements Verification {
        /** Checks that nothing is missing. */
        public Rejected {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The principal of an accepted token.
     *
     * @throws KeyRejectedException if the token was rejected
     */
    default KeyPrincipal orElseThrow() {
        if (this instanceof Accepted accepted) {
            return accepted.principal();
        }
        throw new KeyRejectedException(((Rejected) this).reason());
    }
}
