package dev.apikeys.spi;

import dev.apikeys.TokenFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Tokens of a prefix, a lookup, a separator and a secret.
 *
 * <p>Immutable and thread-safe.
 *
 * @param hashed what the other system hashed
 */
record SeparatedTokens(String prefix, char separator, Hashed hashed) implements ImportedTokens {
    SeparatedTokens {
        Objects.requireNonNull(prefix, "prefix");
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("imported tokens need a prefix that distinguishes them from others");
        }
    }

    enum Hashed {
        SECRET,
        WHOLE_TOKEN
    }

    @Override
    public Optional<Parts> split(String presented) {
        Objects.requireNonNull(presented, "presented");
        int end = presented.startsWith(prefix) ? presented.indexOf(separator, prefix.length()) : -1;
        if (end <= prefix.length() || end == presented.length() - 1) {
            return Optional.empty();
        }
        String secret = hashed == Hashed.WHOLE_TOKEN ? presented : presented.substring(end + 1);
        return Optional.of(new Parts(presented.substring(prefix.length(), end), secret));
    }

    @Override
    public boolean canHave(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return !lookup.isEmpty()
                && lookup.indexOf(separator) < 0
                && prefix.length() + lookup.length() + 2 <= TokenFormat.MAX_TOKEN_LENGTH;
    }

    @Override
    public int minHashedLength(String lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return hashed == Hashed.WHOLE_TOKEN ? prefix.length() + lookup.length() + 2 : 1;
    }
}
