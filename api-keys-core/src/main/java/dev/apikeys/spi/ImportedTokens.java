package dev.apikeys.spi;

import dev.apikeys.text.VisibleAscii;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes tokens apart that another system has issued, so that keys which were imported from there go on working. Asked for
 * every text that isn't a token of the service's own form, so it does no I/O and takes no time to speak of. Whatever it
 * throws means that the text is none of these tokens. Implementations must be thread-safe.
 *
 * @see dev.apikeys.KeyService#importKey
 */
@FunctionalInterface
public interface ImportedTokens {
    /**
     * The parts of a token; empty when the text is none.
     *
     * @param presented as a client sent it, at most {@value dev.apikeys.TokenFormat#MAX_TOKEN_LENGTH} characters
     */
    Optional<Parts> split(String presented);

    /**
     * The least number of characters that the other system hashed for a token with this lookup; 1 unless it is known to be
     * more. A key whose password hash is known to be too short for that isn't imported: its token could never be accepted.
     *
     * @param lookup what the key is looked up by
     */
    default int minHashedLength(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return 1;
    }

    /**
     * Tokens that begin with a text, as in {@code acme_live_}, after which the first separator stands between what the
     * other system looked the key up by and the secret, which alone was hashed.
     *
     * @throws IllegalArgumentException when the prefix is empty: these tokens must be told from all others
     */
    static ImportedTokens separated(String prefix, char separator) {
        return new SeparatedTokens(prefix, separator, SeparatedTokens.Hashed.SECRET);
    }

    /**
     * As {@link #separated}, for a system that hashed the whole token.
     *
     * @throws IllegalArgumentException when the prefix is empty: these tokens must be told from all others
     */
    static ImportedTokens separatedAndHashedWhole(String prefix, char separator) {
        return new SeparatedTokens(prefix, separator, SeparatedTokens.Hashed.WHOLE_TOKEN);
    }

    /**
     * What a token consists of.
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
         * @param lookup what the other system found the key by; no secret
         * @param secret what it hashed: often the part behind {@code lookup}, sometimes the whole token
         * @throws IllegalArgumentException when one is empty, or the secret holds anything but visible ASCII characters
         */
        public Parts(String lookup, String secret) {
            this.lookup = Objects.requireNonNull(lookup, "lookup");
            this.secret = Objects.requireNonNull(secret, "secret");
            if (lookup.isEmpty() || secret.isEmpty() || !VisibleAscii.isVisible(secret)) {
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
