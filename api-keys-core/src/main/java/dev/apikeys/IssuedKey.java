package dev.apikeys;

import java.util.Objects;

/**
 * A key together with its token. It is the only object with both, and only issue and rotate return it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key what is stored
 * @param token the token that the client sends; it can't be read again later
 */
public record IssuedKey(ApiKey key, Token token) {
    /** Checks that nothing is missing. */
    public IssuedKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(token, "token");
    }
}
