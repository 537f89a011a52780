package dev.apikeys;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens of keys that are not revoked have a hash of one scheme and pepper.
 *
 * <p>Immutable and thread-safe.
 *
 * @param scheme {@code sha256} or {@code hmac-sha256} for hashes of this library; {@code imported …} for fast hashes of
 *     another system, and {@code generated} for slow ones, both to be replaced at the first use; {@code password} for slow
 *     hashes that stay
 * @param pepperId the pepper without which these tokens can't be verified, or null
 * @param tokens how many
 */
public record HashCount(String scheme, @Nullable String pepperId, long tokens) {
    /** Checks that nothing is missing. */
    public HashCount {
        Objects.requireNonNull(scheme, "scheme");
    }
}
