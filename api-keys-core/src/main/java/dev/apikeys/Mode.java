package dev.apikeys;

/**
 * How far a key reaches when it is granted by mode instead of by named scopes. What a mode means in scopes is decided
 * by the {@link ScopePolicy}; it is always a mask over what the owner may do at the time of the request.
 */
public enum Mode {
    /** May look: by default the owner's {@code read:*}. */
    READ,
    /** May look and change: by default the owner's {@code read:*} and {@code manage:*}. */
    WRITE
}
