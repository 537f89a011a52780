package dev.apikeys.spi;

import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import java.util.Objects;

/**
 * Tells whether owners are active, and what they may do now. A key never allows more than that. The service keeps an
 * answer for at most 10 s by default, and asks again at once after {@link dev.apikeys.KeyService#ownerChanged}.
 * Implementations must be thread-safe.
 */
@FunctionalInterface
public interface OwnerDirectory {
    /**
     * The present state of the owner; {@link State#inactive()} if the owner is unknown. May throw any exception if it
     * can't tell. Then no key of the owner is accepted, and none is rejected for good. It needs a time-out of its own: the
     * request that asks waits for the answer, however long it takes.
     */
    State stateOf(Owner owner);

    /**
     * A directory in which every owner is active and may do everything, so that keys are limited by their grants only.
     */
    static OwnerDirectory everyoneActive() {
        State everything = State.active(Scopes.ALL);
        return owner -> everything;
    }

    /**
     * The state of an owner.
     *
     * <p>Immutable and thread-safe.
     */
    final class State {
        private static final State INACTIVE = new State(false, Scopes.NONE);

        private final boolean active;
        private final Scopes scopes;

        private State(boolean active, Scopes scopes) {
            this.active = active;
            this.scopes = scopes;
        }

        /** An owner who may act. */
        public static State active(Scopes mayDo) {
            Objects.requireNonNull(mayDo, "mayDo");
            return new State(true, mayDo);
        }

        /** An owner who is suspended, or who does not exist. */
        public static State inactive() {
            return INACTIVE;
        }

        /** Tells whether the owner may act at all. */
        public boolean isActive() {
            return active;
        }

        /** What the owner may do; empty for an inactive one. */
        public Scopes scopes() {
            return scopes;
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof State that && active == that.active && scopes.equals(that.scopes));
        }

        @Override
        public int hashCode() {
            return scopes.hashCode();
        }

        @Override
        public String toString() {
            return active ? "active[" + scopes + "]" : "inactive";
        }
    }
}
