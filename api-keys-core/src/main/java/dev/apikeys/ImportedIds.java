package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The public ids of imported tokens that were accepted lately, so that a repeat needs neither the parts of the token nor
 * the SHA-256 that gives its id. Only accepted tokens are remembered, so made-up ones evict nothing, and a wrong secret
 * takes the same steps as an unknown id.
 *
 * <p>A token is found by a sum over all its characters, each multiplied by a random number of this process. Two tokens of
 * one sum are less likely than 1 in 2<sup>48</sup>, and nobody outside can make such tokens, since the numbers never leave
 * the process. If it happened, the fingerprint of the secret would still decide. No token is kept.
 *
 * <p>Thread-safe. Threads that write at the same time may lose one of the tokens. Then a request takes the long way.
 */
final class ImportedIds {
    /** Both are powers of two. */
    private static final int PLACES = 16_384;

    private static final int WAYS = 4;

    private final TokenFormat format;
    private final long[] multipliers;
    private final AtomicReferenceArray<@Nullable Known> tokens;

    ImportedIds(TokenFormat format, SecureRandom random) {
        this.format = format;
        int needed = format.acceptsImported() ? 1 : 0;
        this.multipliers =
                random.longs(needed * (long) TokenFormat.MAX_TOKEN_LENGTH).toArray();
        this.tokens = new AtomicReferenceArray<>(needed * PLACES);
    }

    /**
     * What is remembered of an accepted token.
     *
     * @param sum of all its characters
     * @param high the first half of its public id
     * @param low the second half
     * @param secretStart where the hashed text begins, which ends with the token
     */
    record Known(long sum, long high, long low, int secretStart) {
        /** The part of this token that was hashed. */
        String secret(String presented) {
            return secretStart == 0 ? presented : presented.substring(secretStart);
        }
    }

    /** The format of the tokens. */
    TokenFormat format() {
        return format;
    }

    /** What is remembered of this token; null if it wasn't accepted lately. */
    @Nullable
    Known find(String presented) {
        if (tokens.length() == 0 || presented.length() > multipliers.length) {
            return null;
        }
        long sum = sum(presented);
        int first = first(sum);
        for (int place = first; place < first + WAYS; place++) {
            Known known = tokens.getAcquire(place);
            if (known != null && known.sum == sum) {
                return known;
            }
        }
        return null;
    }

    /** Remembers a token that was accepted, unless its secret is no part of it. */
    void remember(String presented, ImportedTokens.Parts parts, PublicId id) {
        if (!presented.endsWith(parts.secret())) {
            return;
        }
        long sum = sum(presented);
        int first = first(sum);
        for (int place = first + WAYS - 1; place > first; place--) {
            tokens.setRelease(place, tokens.getAcquire(place - 1));
        }
        int secretStart = presented.length() - parts.secret().length();
        tokens.setRelease(first, new Known(sum, id.high(), id.low(), secretStart));
    }

    private long sum(String presented) {
        long sum = 0;
        for (int i = 0; i < presented.length(); i++) {
            sum += multipliers[i] * presented.charAt(i);
        }
        return sum;
    }

    /** The upper bits, because each bit of a sum depends on those below it. */
    private static int first(long sum) {
        return (int) (sum >>> 40) & (PLACES - WAYS);
    }
}
