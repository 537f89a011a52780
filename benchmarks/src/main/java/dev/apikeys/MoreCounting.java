package dev.apikeys;

/**
 * A counter like that of accepted tokens, for one more count.
 *
 * <p>Thread-safe.
 */
public final class MoreCounting {
    private final Tally tally = new Tally();

    /** Counts one. */
    public void add() {
        tally.increment();
    }
}
