package dev.apikeys;

import java.util.Objects;

/**
 * What a key was given: a mode, or named scopes. Both only limit what the owner may do. They never add a right.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Grant {
    /**
     * Everything that the mode stands for.
     *
     * @param mode read or write
     */
    record ByMode(Mode mode) implements Grant {
        /** Checks that there is a mode. */
        public ByMode {
            Objects.requireNonNull(mode, "mode");
        }
    }

    /**
     * Exactly these scopes.
     *
     * @param scopes may be empty; such a key has no scope
     */
    record ByScopes(Scopes scopes) implements Grant {
        /** Checks that there is a set. */
        public ByScopes {
            Objects.requireNonNull(scopes, "scopes");
        }
    }

    /** A grant by mode. */
    static Grant of(Mode mode) {
        return new ByMode(mode);
    }

    /** A grant of named scopes. */
    static Grant of(Scopes scopes) {
        return new ByScopes(scopes);
    }
}
