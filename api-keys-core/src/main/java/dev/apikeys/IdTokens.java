package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import java.util.Objects;
import java.util.Optional;

/**
 * Tokens that begin with an id of letters, digits and hyphens, then a separator and a secret.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id how many characters the id has
 * @param separator the character behind the id
 * @param secret how many characters the secret has
 * @param hashed what the other system hashed
 */
record IdTokens(Lengths id, char separator, Lengths secret, Hashed hashed) implements ImportedTokens {
    /** The smallest and the greatest length. */
    record Lengths(int least, int most) {
        boolean contains(int length) {
            return length >= least && length <= most;
        }
    }

    enum Hashed {
        SECRET,
        WHOLE_TOKEN
    }

    @Override
    public Optional<Parts> split(String presented) {
        Objects.requireNonNull(presented, "presented");
        int end = presented.indexOf(separator);
        if (!isId(presented, end) || !secret.contains(presented.length() - end - 1)) {
            return Optional.empty();
        }
        String input = hashed == Hashed.WHOLE_TOKEN ? presented : presented.substring(end + 1);
        return Optional.of(new Parts(presented.substring(0, end), input));
    }

    @Override
    public boolean canHave(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return isId(lookup, lookup.length());
    }

    @Override
    public int minHashedLength(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return hashed == Hashed.WHOLE_TOKEN ? lookup.length() + 1 + secret.least() : secret.least();
    }

    /** Tells whether the text begins with an id that ends there. */
    private boolean isId(String text, int end) {
        if (!id.contains(end)) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (!isIdCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIdCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
