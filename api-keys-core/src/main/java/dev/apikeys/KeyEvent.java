package dev.apikeys;

import java.util.Objects;

/**
 * A committed change of a key.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface KeyEvent {
    /** The key as it is now. */
    ApiKey key();

    /** Who did it. */
    Actor actor();

    /** A key was issued. */
    record Issued(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Issued {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** Name, grant or addresses changed. */
    record Updated(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Updated {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** The key has a new token. */
    record Rotated(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Rotated {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** The key was revoked. */
    record Revoked(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Revoked {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** The key was paused. */
    record Paused(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Paused {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** The key was resumed. */
    record Resumed(ApiKey key, Actor actor) implements KeyEvent {
        /** Checks that nothing is missing. */
        public Resumed {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(actor, "actor");
        }
    }
}
