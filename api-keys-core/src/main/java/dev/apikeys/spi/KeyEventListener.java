package dev.apikeys.spi;

import dev.apikeys.KeyEvent;

/**
 * Receives every change that this node made, after the commit and on the thread that made it. If it throws, that is
 * logged and changes nothing. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface KeyEventListener {
    /** Receives the event. It should return soon, because the caller waits. */
    void on(KeyEvent event);
}
