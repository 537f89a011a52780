package dev.apikeys.spi;

import dev.apikeys.TokenFormat;
import dev.apikeys.text.VisibleAscii;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes apart tokens of another system, so that imported keys keep working. It is called for every text that isn't a
 * token of the service's own form, so it must be fast and do no I/O. If it throws, the text is treated as none of these
 * tokens. Implementations must be thread-safe.
 *
 * @see dev.apikeys.KeyService#importKey
 */
@FunctionalInterface
public interface ImportedTokens {
    /**
     * The parts of a token; empty if the text is not one.
     *
     * @param presented as a client sent it, at most {@value TokenFormat#MAX_TOKEN_LENGTH} characters
     */
    Optional<Parts> split(String presented);

    /**
     * The smallest number of characters that the other system hashed for a token with this look-up value; 1 unless it
     * is known to be more. If the password hash of a key can't tell inputs of that length apart, the key isn't
     * imported, because its token could never be accepted.
     *
     * @param lookup what the key is looked up by
     */
    default int minHashedLength(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return 1;
    }

    /**
     * Tells whether a token can have this look-up value; true unless it is known that none can. A key with another one
     * isn't imported, because its token could never be accepted.
     *
     * @param lookup what the key is looked up by
     */
    default boolean canHave(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return true;
    }

    /**
     * Tokens with a prefix such as {@code acme_live_}, then the look-up value, the separator, and the secret. The first
     * separator after the prefix counts. The other system hashed only the secret.
     *
     * @throws IllegalArgumentException if the prefix is empty, because these tokens must differ from all others
     */
    static ImportedTokens separated(String prefix, char separator) {
        return new SeparatedTokens(prefix, separator, SeparatedTokens.Hashed.SECRET);
    }

    /**
     * Like {@link #separated}, for a system that hashed the whole token.
     *
     * @throws IllegalArgumentException if the prefix is empty, because these tokens must differ from all others
     */
    static ImportedTokens separatedAndHashedWhole(String prefix, char separator) {
        return new SeparatedTokens(prefix, separator, SeparatedTokens.Hashed.WHOLE_TOKEN);
    }

    /**
     * The parts of a token.
     *
     * <p>Immutable and thread-safe.
     */
    final class Parts {
        private final String lookup;
        /** Transient, so that nothing that writes fields writes it. */
        private final transient String secret;

        /**
         * Checks the parts.
         *
         * @param lookup the value by which the other system found the key; not a secret
         * @param secret the text that the other system hashed: often the part after {@code lookup}, sometimes the whole
         *     token
         * @throws IllegalArgumentException when one is empty, or the secret holds anything but visible ASCII characters or
         *     more than {@value TokenFormat#MAX_TOKEN_LENGTH} of them
         */
        public Parts(String lookup, String secret) {
            this.lookup = Objects.requireNonNull(lookup, "lookup");
            this.secret = Objects.requireNonNull(secret, "secret");
            if (lookup.isEmpty()
                    || secret.isEmpty()
                    || secret.length() > TokenFormat.MAX_TOKEN_LENGTH
                    || !VisibleAscii.isVisible(secret)) {
                throw new IllegalArgumentException("not the parts of a token");
            }
        }

        /** What the other system found the key by. */
        public String lookup() {
            return lookup;
        }

        /** What the other system hashed. */
        public String secret() {
            return secret;
        }

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Parts[" + lookup + ", ***]";
        }
    }
}
