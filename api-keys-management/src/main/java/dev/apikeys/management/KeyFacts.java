package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.KeyService;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import dev.apikeys.TokenFormat;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Values of a key that answers show and that are not in its record.
 *
 * <p>Immutable and thread-safe.
 *
 * @param now the present time
 * @param format what tokens look like
 * @param granted the scopes that a grant stands for
 */
record KeyFacts(Supplier<Instant> now, TokenFormat format, Function<Grant, Scopes> granted) {
    /** How many characters of a public id a masked token shows: enough to distinguish keys, too few to look one up. */
    private static final int SHOWN_OF_PUBLIC_ID = 6;

    private static final String MASK = "........";

    static KeyFacts of(KeyService keys) {
        return new KeyFacts(keys::now, keys.tokenFormat(), keys::scopesOf);
    }

    /** Tells whether the key is active now by its own state; the owner's state isn't checked. */
    boolean isActive(ApiKey key) {
        return key.status(now.get()) == ApiKey.Status.ACTIVE;
    }

    /** The status of the key now. */
    String status(ApiKey key) {
        return Spelling.SNAKE.word(key.status(now.get()));
    }

    /** The part of the token that may be shown: prefix and public id. */
    String prefix(ApiKey key) {
        return format.identify(key.publicId());
    }

    /** The masked token: prefix, the first characters of the public id, dots. */
    String masked(ApiKey key) {
        String id = key.publicId();
        return format.identify(id.substring(0, Math.min(SHOWN_OF_PUBLIC_ID, id.length()))) + MASK;
    }

    /** The scopes that the key was given, in the order of their names. */
    List<String> scopes(ApiKey key) {
        return granted.apply(key.grant()).stream().map(Scope::toString).toList();
    }
}
