package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Counters of a {@link KeyService} since it was built, for metrics.
 *
 * <p>Immutable and thread-safe.
 *
 * @param accepted accepted tokens; may be slightly low where many threads count at once
 * @param rejected refused tokens by reason
 * @param cachedKeys how many keys are in memory now
 * @param cacheHits decisions for which no look-up of the store was needed
 * @param leaseAge as {@link KeyServiceHealth#leaseAge()}
 * @param lastPoll as {@link KeyServiceHealth#lastPoll()}
 * @param loads look-ups of the store for keys that were not cached
 * @param slowHashesWaiting requests that compute the slow hash of an imported key now, or wait for that
 * @param outdatedHashes verified secrets whose stored hash was of an older scheme or pepper
 * @param rehashes stored hashes that were replaced by the current scheme
 * @param usesWritten usage rows written
 * @param dropped notes of usage or refusals that were dropped because the store was away too long
 * @param setAside notes that the store refused three times while it took others, and that are lost
 * @param failedFlushes times that something noted could not be written
 * @param polls times that the store told what changed
 * @param failedPolls times that it could not be asked
 * @param rewinds times that it turned out to be restored to an older state; worth an alarm
 * @param clockJumps times that the store's clock began to contradict both clocks of this node; worth an alarm
 * @param staleAccepts requests accepted within the grace although the store could not confirm
 * @param mcpDenials calls of agents that a guard denied
 */
public record KeyServiceStats(
        long accepted,
        Map<Rejection, Long> rejected,
        long cachedKeys,
        long cacheHits,
        Duration leaseAge,
        Optional<Instant> lastPoll,
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
        Objects.requireNonNull(lastPoll, "lastPoll");
        Objects.requireNonNull(rejected, "rejected");
        rejected = Map.copyOf(rejected);
    }
}
