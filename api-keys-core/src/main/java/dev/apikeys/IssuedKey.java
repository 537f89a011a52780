package dev.apikeys;

import java.util.Objects;

/**
 * A key together with its token: the only object that ever holds both. It exists once, as the answer to issue and
 * rotate.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key what is stored
 * @param token what the client sends; can't be had again
 */
public record IssuedKey(ApiKey key, Token token) {
    /** Checks that nothing is missing. */
    public IssuedKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(token, "token");
    }
}
