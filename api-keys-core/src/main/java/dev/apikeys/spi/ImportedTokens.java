package dev.apikeys.spi;

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
     * Tokens that begin with a text, as in {@code acme_live_}, after which the first separator stands between what the
     * other system looked the key up by and the secret, which alone was hashed.
     *
     * @throws IllegalArgumentException when the prefix is empty: these tokens must be told from all others
     */
    static ImportedTokens separated(String prefix, char separator) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("imported tokens need a prefix, to be told from others");
        }
        return presented -> {
            int end = presented.startsWith(prefix) ? presented.indexOf(separator, prefix.length()) : -1;
            return end <= prefix.length() || end == presented.length() - 1
                    ? Optional.empty()
                    : Optional.of(new Parts(presented.substring(prefix.length(), end), presented.substring(end + 1)));
        };
    }

    /**
     * What a token consists of.
     *
     * <p>Immutable and thread-safe.
     *
     * @param lookup what the other system found the key by; no secret
     * @param secret what it hashed: often the part behind {@code lookup}, sometimes the whole token
     */
    record Parts(String lookup, String secret) {
        /**
         * Checks the parts.
         *
         * @throws IllegalArgumentException when one is empty, or the secret holds anything but visible ASCII characters
         */
        public Parts {
            if (lookup.isEmpty() || secret.isEmpty() || !isVisibleAscii(secret)) {
                throw new IllegalArgumentException("not the parts of a token");
            }
        }

        private static boolean isVisibleAscii(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7F) {
                    return false;
                }
            }
            return true;
        }

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Parts[" + lookup + ", ***]";
        }
    }
}
