package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a notice is for. Keys that were given it are left out, unless it was about another time than now.
 *
 * <p>Immutable and thread-safe.
 *
 * @param notice the name of the notice, at most 40 ASCII characters
 * @param filter the keys that it is for
 * @param about what it is about; a key without such a time is left out
 * @param earlier a notice that must have been given before, about the same time; null for none
 */
public record NoticeQuery(
        String notice,
        KeyFilter filter,
        About about,
        @Nullable Earlier earlier) {
    /** Checks that nothing is missing. */
    public NoticeQuery {
        Objects.requireNonNull(notice, "notice");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(about, "about");
    }

    /**
     * A notice that was given before.
     *
     * @param notice its name
     * @param before it was given before this time
     */
    public record Earlier(String notice, Instant before) {
        /** Checks that nothing is missing. */
        public Earlier {
            Objects.requireNonNull(notice, "notice");
            Objects.requireNonNull(before, "before");
        }
    }

    /** The time of a key that a notice is about. When it changes, the notice is given again. */
    public enum About {
        /** When the key expires. */
        EXPIRY,
        /** The latest use, or the issue of a key that was never used. */
        USE,
        /** When the key was issued. */
        ISSUE;

        /** The time for this key, or null if it has none. */
        public @Nullable Instant of(ApiKey key) {
            Objects.requireNonNull(key, "key");
            return switch (this) {
                case EXPIRY -> key.expiresAt();
                case USE ->
                    key.lastUse() == null ? key.createdAt() : key.lastUse().at();
                case ISSUE -> key.createdAt();
            };
        }
    }
}
