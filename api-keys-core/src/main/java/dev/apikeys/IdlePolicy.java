package dev.apikeys;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of keys that nobody uses: they are reported, then paused, then revoked. Each step needs the one before, so
 * that no key is paused without a report, even when the policy is new and the key was idle for years. A use begins anew. A
 * key that people resume is left alone until it was used again; one that they pause after its report is revoked like one
 * that the policy paused.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class IdlePolicy {
    private final Duration reportAfter;
    private final @Nullable Duration pauseAfter;
    private final @Nullable Duration revokeAfter;

    private IdlePolicy(Duration reportAfter, @Nullable Duration pauseAfter, @Nullable Duration revokeAfter) {
        this.reportAfter = reportAfter;
        this.pauseAfter = pauseAfter;
        this.revokeAfter = revokeAfter;
    }

    /** One of the steps. */
    public enum Step {
        /** The listener for notices is told that the key is going to be paused. */
        REPORT,
        /** The key is paused. */
        PAUSE,
        /** The key is revoked. */
        REVOKE
    }

    /**
     * A step that is due for a key.
     *
     * @param key the key
     * @param step the step
     */
    public record Due(ApiKey key, Step step) {
        /** Checks that nothing is missing. */
        public Due {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(step, "step");
        }
    }

    /**
     * Reports active keys that were not used for so long, and does nothing else.
     *
     * @throws IllegalArgumentException unless it is one minute to ten years
     */
    public static IdlePolicy reportAfter(Duration idle) {
        Objects.requireNonNull(idle, "idle");
        return new IdlePolicy(NoticePolicy.checked(idle), null, null);
    }

    /**
     * Pauses keys so long after they were reported.
     *
     * @throws IllegalArgumentException unless it is one minute to ten years
     */
    public IdlePolicy pauseAfter(Duration reported) {
        Objects.requireNonNull(reported, "reported");
        return new IdlePolicy(reportAfter, NoticePolicy.checked(reported), revokeAfter);
    }

    /**
     * Revokes keys so long after they were paused.
     *
     * @throws IllegalArgumentException unless it is one minute to ten years
     * @throws IllegalStateException when keys are not paused
     */
    public IdlePolicy revokeAfter(Duration paused) {
        Objects.requireNonNull(paused, "paused");
        if (pauseAfter == null) {
            throw new IllegalStateException("idle keys are paused before they are revoked: set pauseAfter first");
        }
        return new IdlePolicy(reportAfter, pauseAfter, NoticePolicy.checked(paused));
    }

    /** How long a key is unused before it is reported. */
    public Duration reportAfter() {
        return reportAfter;
    }

    /** How long after the report it is paused; empty: never. */
    public Optional<Duration> pauseAfter() {
        return Optional.ofNullable(pauseAfter);
    }

    /** How long after the pause it is revoked; empty: never. */
    public Optional<Duration> revokeAfter() {
        return Optional.ofNullable(revokeAfter);
    }

    Duration shortestSpan() {
        return Stream.of(reportAfter, pauseAfter, revokeAfter)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(reportAfter);
    }
}
