package dev.apikeys.spi;

import dev.apikeys.KeyEvent;

/**
 * Is told of every change that this node made, after the commit and on the thread that made it. What it throws is
 * logged and changes nothing. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface KeyEventListener {
    /** Takes note of the event; should return soon, since the caller waits. */
    void on(KeyEvent event);
}
