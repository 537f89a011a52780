package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counters of a {@link KeyService} since it was built, for metrics.
 *
 * <p>Immutable and thread-safe.
 *
 * @param accepted accepted tokens; may be slightly low where many threads count at once
 * @param rejected rejected tokens by reason
 * @param cachedKeys how many keys are in memory now
 * @param cacheHits decisions for which no look-up of the store was needed
 * @param leaseAge as {@link KeyServiceHealth#leaseAge()}
 * @param lastPoll as {@link KeyServiceHealth#lastPoll()}
 * @param loads look-ups of the store for keys that were not cached
 * @param slowHashesWaiting requests that compute the slow hash of an imported key now, or wait for that
 * @param outdatedHashes verified secrets whose stored hash had an older scheme or pepper
 * @param rehashes stored hashes that were replaced by the current scheme
 * @param usesWritten usage rows written
 * @param dropped noted uses and rejections that were dropped because the store was away too long
 * @param setAside notes that the store refused three times while it took others, and that are lost
 * @param failedFlushes times that something noted could not be written
 * @param polls successful polls of the store
 * @param failedPolls failed polls of the store
 * @param rewinds how often a poll noticed that the store was restored to an older state; set an alarm on it
 * @param clockJumps times that the store's clock began to contradict both clocks of this node; worth an alarm
 * @param staleAccepts requests that were accepted within the grace, while the store could not confirm
 * @param mcpDenials calls of agents that a guard denied
 */
public record KeyServiceStats(
        long accepted,
        Map<Rejection, Long> rejected,
        long cachedKeys,
        long cacheHits,
        Duration leaseAge,
        @Nullable Instant lastPoll,
        long loads,
        int slowHashesWaiting,
        long outdatedHashes,
        long rehashes,
        long usesWritten,
        long dropped,
        long setAside,
        long failedFlushes,
        long polls,
        long failedPolls,
        long rewinds,
        long clockJumps,
        long staleAccepts,
        long mcpDenials) {
    /** Copies the map. */
    public KeyServiceStats {
        Objects.requireNonNull(leaseAge, "leaseAge");
        Objects.requireNonNull(rejected, "rejected");
        rejected = Map.copyOf(rejected);
    }
}
