package dev.apikeys;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The striped counters behind {@link KeyServiceStats}. */
final class Counters {
    private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);
    final Tally accepted = new Tally();
    final LongAdder loads = new LongAdder();
    final LongAdder outdatedHashes = new LongAdder();
    final LongAdder rehashes = new LongAdder();
    final LongAdder usesWritten = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder setAside = new LongAdder();
    final LongAdder failedFlushes = new LongAdder();
    final LongAdder polls = new LongAdder();
    final LongAdder failedPolls = new LongAdder();
    final LongAdder rewinds = new LongAdder();
    final LongAdder clockJumps = new LongAdder();
    final LongAdder staleAccepts = new LongAdder();
    final LongAdder mcpDenials = new LongAdder();

    Counters() {
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new LongAdder());
        }
    }

    void rejected(Rejection reason) {
        LongAdder counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    KeyServiceStats read(long cachedKeys, KeyServiceHealth health, int slowHashesWaiting) {
        Map<Rejection, Long> counts = new EnumMap<>(Rejection.class);
        rejected.forEach((reason, counter) -> counts.put(reason, counter.sum()));
        long accepts = accepted.sum();
        long lookedUp = loads.sum();
        return new KeyServiceStats(
                accepts,
                counts,
                cachedKeys,
                Math.max(0, accepts + refusedAfterLookUp(counts) - lookedUp),
                health.leaseAge(),
                health.lastPoll(),
                lookedUp,
                slowHashesWaiting,
                outdatedHashes.sum(),
                rehashes.sum(),
                usesWritten.sum(),
                dropped.sum(),
                setAside.sum(),
                failedFlushes.sum(),
                polls.sum(),
                failedPolls.sum(),
                rewinds.sum(),
                clockJumps.sum(),
                staleAccepts.sum(),
                mcpDenials.sum());
    }

    /** Refusals of tokens that were well formed, so that the cache was asked. */
    private static long refusedAfterLookUp(Map<Rejection, Long> counts) {
        return counts.entrySet().stream()
                .filter(count -> switch (count.getKey()) {
                    case MISSING, MALFORMED, OTHER_ENVIRONMENT, RATE_LIMITED -> false;
                    default -> true;
                })
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
