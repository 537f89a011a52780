package dev.apikeys;

/** What a key is at one moment; computed from the record and the clock, never stored. */
public enum KeyStatus {
    /** Opens doors. */
    ACTIVE,
    /** Switched off, and can be resumed. */
    PAUSED,
    /** Past its expiry. */
    EXPIRED,
    /** Revoked, for good. */
    REVOKED
}
