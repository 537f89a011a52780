package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.PageRequest.Position;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a walk through the keys that lack a notice.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keys those that were found among the keys of this part; often none
 * @param end where the next part begins, or null if there is none. What it says is the store's own affair
 */
public record DueKeys(List<ApiKey> keys, @Nullable Position end) {
    /** Copies the list. */
    public DueKeys {
        Objects.requireNonNull(keys, "keys");
        keys = List.copyOf(keys);
    }
}
