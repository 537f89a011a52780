package dev.apikeys;

/** Whether a key may be used to revoke itself: for a client that finds its key in the wrong hands. */
public enum SelfRevocation {
    /** Only people in a session revoke it. */
    REFUSED,
    /** Who has the key may revoke it. */
    ALLOWED
}
