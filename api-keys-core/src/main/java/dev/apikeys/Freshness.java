package dev.apikeys;

/**
 * How fresh the state is on which a decision is made, from the best to the worst. The same scale says what a request
 * requires, and what a {@link LeasePolicy} allows at worst.
 */
public enum Freshness {
    /** The store confirmed, within the time Y, that this node missed no change. */
    CONFIRMED,
    /**
     * The store can't be asked. The key was good at the last confirmation, and the grace G is not over. Never a key
     * that this node has not seen before, and never an expired key.
     */
    WITHIN_GRACE,
    /** Neither of both: nothing can be decided. */
    LAPSED
}
