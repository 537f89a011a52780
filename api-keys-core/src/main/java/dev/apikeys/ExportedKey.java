package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.spi.SecretHash;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key with all that a store keeps of it, for a move to another database. The hashes are as they are: a service that is
 * to verify the key needs the same {@link TokenFormat} and peppers.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the record, its latest use included
 * @param tokens the current token, and earlier ones that have not ended
 */
public record ExportedKey(ApiKey key, List<Token> tokens) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if no token or more than one is the key's current one
     */
    public ExportedKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(tokens, "tokens");
        tokens = List.copyOf(tokens);
        String current = key.publicId();
        if (tokens.stream().filter(token -> token.publicId().equals(current)).count() != 1) {
            throw new IllegalArgumentException("an exported key has its current token once");
        }
    }

    /**
     * A token of the key.
     *
     * @param publicId its public id
     * @param hash the hash of its secret, as stored
     * @param validUntil when it ends because the key was rotated, or null for the current token
     */
    public record Token(
            String publicId, SecretHash hash, @Nullable Instant validUntil) {
        /** Checks that nothing is missing. */
        public Token {
            Objects.requireNonNull(publicId, "publicId");
            Objects.requireNonNull(hash, "hash");
        }
    }

    /** All times in it. */
    Stream<Instant> times() {
        Revocation revocation = key.revocation();
        LastUse use = key.lastUse();
        Stream<@Nullable Instant> ofKey = Stream.of(
                key.createdAt(),
                key.expiresAt(),
                key.pausedAt(),
                revocation == null ? null : revocation.at(),
                use == null ? null : use.at());
        return Stream.concat(ofKey, tokens.stream().map(Token::validUntil)).filter(Objects::nonNull);
    }

    /** The token that the key has now. */
    public Token currentToken() {
        return tokens.stream()
                .filter(token -> token.publicId().equals(key.publicId()))
                .findFirst()
                .orElseThrow();
    }
}
