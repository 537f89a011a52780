package dev.apikeys;

/**
 * How sure a decision is that the key did not change meanwhile, from the best to the worst. The same scale says what a
 * request demands and what a {@link LeasePolicy} allows at worst.
 */
public enum Freshness {
    /** The store confirmed, within the time of trust (Y), that this node missed no change. */
    CONFIRMED,
    /**
     * The store can't be asked; the key was good when it last could, and the grace (G) is not over. Never a key that this
     * node has not seen before, nor one past its expiry.
     */
    WITHIN_GRACE,
    /** Neither: nothing can be decided. */
    LAPSED
}
