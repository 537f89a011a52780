package dev.apikeys;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Chooses the verifications that are timed: about one in 64, and none while nobody wants to know. Thread-safe. */
final class SampledTimer {
    private static final long SAMPLE = 63;

    /** Counts only while somebody wants to know. */
    private final Tally asked = new Tally();

    private volatile @Nullable LongConsumer nanos;

    void tell(LongConsumer nanos) {
        this.nanos = nanos;
    }

    /** Who is to be told how long this verification takes; null if it is not timed. */
    @Nullable
    LongConsumer due() {
        LongConsumer told = nanos;
        return told == null || (asked.increment() & SAMPLE) != 0 ? null : told;
    }
}
