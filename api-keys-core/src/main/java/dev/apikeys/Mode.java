package dev.apikeys;

/**
 * What a key may do if it has a mode instead of named scopes. The {@link ScopePolicy} says which scopes a mode stands
 * for. A mode never allows more than the owner may do at the time of the request.
 */
public enum Mode {
    /** Reading: by default the owner's {@code read:*}. */
    READ,
    /** Reading and changing: by default the owner's {@code read:*} and {@code manage:*}. */
    WRITE
}
