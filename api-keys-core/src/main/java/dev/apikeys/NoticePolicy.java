package dev.apikeys;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of what notice is given. A key gets each notice once; again after another expiry or another use.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class NoticePolicy {
    /** 30, 7 and 1 days before the expiry; nothing about use. */
    public static final NoticePolicy DEFAULT =
            new NoticePolicy(List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30)), null, null);

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(3_653);

    private final List<Duration> beforeExpiry;
    private final @Nullable Duration idle;
    private final @Nullable Duration neverUsed;

    private NoticePolicy(List<Duration> beforeExpiry, @Nullable Duration idle, @Nullable Duration neverUsed) {
        this.beforeExpiry = beforeExpiry;
        this.idle = idle;
        this.neverUsed = neverUsed;
    }

    /**
     * Gives notice so long before a key expires. A key gets the notice for the shortest of these spans that it is
     * within, so that a service that was away doesn't give several at once.
     *
     * @param spans none: no notice of expiry
     * @throws IllegalArgumentException unless each is one minute to ten years
     */
    public NoticePolicy beforeExpiry(Duration... spans) {
        Objects.requireNonNull(spans, "spans");
        List<Duration> sorted = Arrays.stream(spans)
                .map(NoticePolicy::checked)
                .distinct()
                .sorted()
                .toList();
        return new NoticePolicy(sorted, idle, neverUsed);
    }

    /**
     * Gives notice of active keys that were not used for so long.
     *
     * @throws IllegalArgumentException unless it is one minute to ten years
     */
    public NoticePolicy idleFor(Duration span) {
        Objects.requireNonNull(span, "span");
        return new NoticePolicy(beforeExpiry, checked(span), neverUsed);
    }

    /**
     * Gives notice of active keys that were never used for so long after their issue.
     *
     * @throws IllegalArgumentException unless it is one minute to ten years
     */
    public NoticePolicy neverUsedFor(Duration span) {
        Objects.requireNonNull(span, "span");
        return new NoticePolicy(beforeExpiry, idle, checked(span));
    }

    /** The spans before an expiry, the shortest first. */
    public List<Duration> spansBeforeExpiry() {
        return beforeExpiry;
    }

    /** The span without use; empty: no such notice. */
    public Optional<Duration> idleFor() {
        return Optional.ofNullable(idle);
    }

    /** The span without a first use; empty: no such notice. */
    public Optional<Duration> neverUsedFor() {
        return Optional.ofNullable(neverUsed);
    }

    static Duration checked(Duration span) {
        Objects.requireNonNull(span, "span");
        if (span.compareTo(LEAST) < 0 || span.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("the span of a notice is one minute to ten years: " + span);
        }
        return span;
    }
}
