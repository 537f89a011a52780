package dev.apikeys;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * UUIDs of version 7 (RFC 9562 §5.7): milliseconds, a counter that makes the ids of this node strictly ascending, and 62
 * random bits.
 *
 * <p>Thread-safe.
 */
final class TimeOrderedIds {
    private static final int COUNTER_BITS = 12;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final SecureRandom random;
    private final LongSupplier epochMillis;
    private final AtomicLong last = new AtomicLong();

    TimeOrderedIds(SecureRandom random, LongSupplier epochMillis) {
        this.random = random;
        this.epochMillis = epochMillis;
    }

    UUID next() {
        long now = epochMillis.getAsLong() << COUNTER_BITS;
        long stamp = last.updateAndGet(previous -> Math.max(previous + 1, now));
        long high = (stamp >>> COUNTER_BITS) << 16 | VERSION_7 | (stamp & ((1 << COUNTER_BITS) - 1));
        return new UUID(high, (random.nextLong() >>> 2) | VARIANT);
    }
}
