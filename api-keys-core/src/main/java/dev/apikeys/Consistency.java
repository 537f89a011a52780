package dev.apikeys;

/** What to do about a key that is cached while the store cannot confirm that it is still as it was. */
public enum Consistency {
    /** Refuse to decide: {@link StoreUnavailableException}. */
    STRICT,
    /**
     * Go on accepting, for the grace of the {@link LeasePolicy}, keys that this node verified before; the principal says
     * so. Never a key that was not seen before, nor one past its expiry.
     */
    BALANCED
}
