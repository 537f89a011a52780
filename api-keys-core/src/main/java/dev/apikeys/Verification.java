package dev.apikeys;

import java.util.Objects;

/**
 * The answer to a presented token: a value for both outcomes, because a refusal is no exception. A store that cannot be
 * asked is neither; it is a {@link StoreUnavailableException}.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Verification {
    /**
     * The token opens doors.
     *
     * @param principal who comes in, and what they may do
     */
    record Accepted(KeyPrincipal principal) implements Verification {
        /** Checks that nothing is missing. */
        public Accepted {
            Objects.requireNonNull(principal, "principal");
        }
    }

    /**
     * The token opens nothing.
     *
     * @param reason why, for the host's own eyes
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
     * @throws KeyRejectedException when the token was refused
     */
    default KeyPrincipal orElseThrow() {
        if (this instanceof Accepted accepted) {
            return accepted.principal();
        }
        throw new KeyRejectedException(((Rejected) this).reason());
    }
}
