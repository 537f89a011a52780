package dev.apikeys;

/**
 * What happened to a key, told after it was committed.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface KeyEvent {
    /** The key as it is now. */
    ApiKey key();

    /** Who did it. */
    Actor actor();

    /** A key was issued. */
    record Issued(ApiKey key, Actor actor) implements KeyEvent {}

    /** Name, grant or addresses changed. */
    record Updated(ApiKey key, Actor actor) implements KeyEvent {}

    /** The key has a new token. */
    record Rotated(ApiKey key, Actor actor) implements KeyEvent {}

    /** The key was revoked. */
    record Revoked(ApiKey key, Actor actor) implements KeyEvent {}

    /** The key was paused. */
    record Paused(ApiKey key, Actor actor) implements KeyEvent {}

    /** The key was resumed. */
    record Resumed(ApiKey key, Actor actor) implements KeyEvent {}
}
