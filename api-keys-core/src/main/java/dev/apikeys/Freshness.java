package dev.apikeys;

/** How sure a decision is that nobody revoked the key meanwhile. */
public enum Freshness {
    /** The store confirmed within the lease that nothing changed. */
    CONFIRMED,
    /** The store can't be asked; the key was good when it last could. */
    STALE
}
