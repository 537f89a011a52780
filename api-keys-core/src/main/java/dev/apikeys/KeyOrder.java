package dev.apikeys;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The order of a list of keys. Keys without the value come last in both directions: keys that never expire, or were never
 * used. Keys with the same value come newest first.
 *
 * <p>Immutable and thread-safe.
 *
 * @param by the value
 * @param direction whether small values or large ones come first
 */
public record KeyOrder(By by, Direction direction) {
    /** The usual order. */
    public static final KeyOrder NEWEST_FIRST = new KeyOrder(By.CREATED_AT, Direction.DESC);

    private static final Comparator<ApiKey> NEWEST = Comparator.comparing(ApiKey::createdAt)
            // Ids are ordered as text, as the databases order them.
            .thenComparing(key -> key.id().toString())
            .reversed();

    /** The value by which keys are ordered. */
    public enum By {
        /** When the key was issued. */
        CREATED_AT,
        /** The name, without regard to case. */
        NAME,
        /** When the key expires. */
        EXPIRES_AT,
        /** When the key was last used. */
        LAST_USED_AT
    }

    /** Which values come first. */
    public enum Direction {
        /** Old before new, a before b. */
        ASC,
        /** New before old, b before a. */
        DESC
    }

    /** Checks that both are there. */
    public KeyOrder {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(direction, "direction");
    }

    Comparator<ApiKey> comparator() {
        return switch (by) {
            case CREATED_AT -> direction == Direction.DESC ? NEWEST : NEWEST.reversed();
            case NAME -> first(String.CASE_INSENSITIVE_ORDER, ApiKey::name);
            case EXPIRES_AT -> first(Comparator.<Instant>naturalOrder(), ApiKey::expiresAt);
            case LAST_USED_AT -> first(Comparator.<Instant>naturalOrder(), KeyOrder::lastUsedAt);
        };
    }

    private <T> Comparator<ApiKey> first(Comparator<T> natural, Function<ApiKey, @Nullable T> value) {
        Comparator<@Nullable T> ordered =
                Comparator.nullsLast(direction == Direction.ASC ? natural : natural.reversed());
        return Comparator.<ApiKey, @Nullable T>comparing(value, ordered).thenComparing(NEWEST);
    }

    private static @Nullable Instant lastUsedAt(ApiKey key) {
        ApiKey.LastUse use = key.lastUse();
        return use == null ? null : use.at();
    }
}
