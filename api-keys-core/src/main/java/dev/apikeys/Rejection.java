package dev.apikeys;

/**
 * Why a presented token was rejected. For logs, metrics and audit inside the host. Give an unauthenticated caller the
 * same answer for all reasons, because a difference would tell which public ids exist.
 */
public enum Rejection {
    /** No token, or a blank one. */
    MISSING,
    /** The text doesn't have the configured {@link TokenFormat}. */
    MALFORMED,
    /** The text is a token of another {@linkplain TokenFormat.Builder#environment environment} of the host. */
    OTHER_ENVIRONMENT,
    /** Well formed, but no key has this public id. */
    UNKNOWN,
    /** The key exists, but the secret is wrong. Also if the stored hash has an unknown scheme or pepper. */
    SECRET_MISMATCH,
    /** The key was revoked. */
    REVOKED,
    /** The key has expired, or the grace of a rotated token is over. */
    EXPIRED,
    /** The key is paused. */
    PAUSED,
    /** The owner is suspended or unknown. */
    OWNER_INACTIVE,
    /** The key may not be used from the client's address. */
    IP_NOT_ALLOWED,
    /** The key has used up its rate limit. */
    RATE_LIMITED
}
