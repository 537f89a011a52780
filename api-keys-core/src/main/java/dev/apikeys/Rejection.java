package dev.apikeys;

/**
 * Why a presented token was refused. For logs, metrics and audit inside the host: an unauthenticated caller must see one
 * and the same answer for all of them, because the differences tell which public ids exist.
 */
public enum Rejection {
    /** No token, or a blank one. */
    MISSING,
    /** Not of the configured {@link TokenFormat}. */
    MALFORMED,
    /** Well formed, but no key has this public id. */
    UNKNOWN,
    /** The key exists, the secret is another one. Also for a stored hash of an unknown scheme or pepper. */
    SECRET_MISMATCH,
    /** The key was revoked. */
    REVOKED,
    /** The key, or the grace of a rotated token, is over. */
    EXPIRED,
    /** The key is paused. */
    PAUSED,
    /** The owner is suspended or gone. */
    OWNER_INACTIVE,
    /** The key may not be used from the client's address. */
    IP_NOT_ALLOWED,
    /** The key has used up its rate limit. */
    RATE_LIMITED
}
