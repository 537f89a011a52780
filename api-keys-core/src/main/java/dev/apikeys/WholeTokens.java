package dev.apikeys;

import dev.apikeys.IdTokens.Lengths;
import dev.apikeys.spi.ImportedTokens;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Tokens without an id: a prefix, then characters of an alphabet. The other system looked them up by the hash of the whole
 * token.
 *
 * <p>Immutable and thread-safe.
 *
 * @param prefix how these tokens begin; may be empty if their length is known
 * @param lengths how many characters stand behind the prefix
 * @param alphabet which characters these are
 * @param digest how the whole token was hashed
 */
record WholeTokens(String prefix, Lengths lengths, Alphabet alphabet, TokenDigest digest) implements ImportedTokens {
    private static final String LOOKUP = "hash:";

    /** The characters behind the prefix. */
    enum Alphabet {
        /** Letters, digits, {@code _} and {@code -}. */
        BASE64URL,
        /** The same and dots. */
        BASE64URL_AND_DOTS;

        boolean contains(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || (c == '.' && this == BASE64URL_AND_DOTS);
        }
    }

    /**
     * The look-up value of a hash: a hash of it, so that what is logged and shown is not what the other system stored.
     */
    static String lookup(TokenDigest digest, byte[] value) {
        String input = "look-up by hash\n" + digest.encoded() + "\n" + Hex.encode(value);
        return LOOKUP + Hex.encode(Sha256.newDigest().digest(input.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Optional<Parts> split(String presented) {
        Objects.requireNonNull(presented, "presented");
        int length = presented.length() - prefix.length();
        if (!lengths.contains(length) || !presented.startsWith(prefix)) {
            return Optional.empty();
        }
        for (int i = prefix.length(); i < presented.length(); i++) {
            if (!alphabet.contains(presented.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Parts(lookup(digest, digest.of(presented)), presented));
    }

    @Override
    public boolean canHave(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return lookup.startsWith(LOOKUP);
    }

    @Override
    public int minHashedLength(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return prefix.length() + lengths.least();
    }
}
