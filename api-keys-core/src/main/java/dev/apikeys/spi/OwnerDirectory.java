package dev.apikeys.spi;

import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import java.util.Objects;

/**
 * The host's knowledge of owners: whether they are active, and what they may do now. A key never reaches further than
 * that. The service remembers an answer for at most 10 s by default, and asks anew at once after
 * {@link dev.apikeys.KeyService#ownerChanged}. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface OwnerDirectory {
    /**
     * What is true of the owner now; {@link State#inactive()} for one who is unknown. May throw anything when it
     * cannot tell: that refuses nobody for good and admits nobody.
     */
    State stateOf(Owner owner);

    /** Takes every owner for active and leaves the limits to the keys' own grants. */
    static OwnerDirectory everyoneActive() {
        State everything = State.active(Scopes.ALL);
        return owner -> everything;
    }

    /**
     * What is true of an owner.
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
