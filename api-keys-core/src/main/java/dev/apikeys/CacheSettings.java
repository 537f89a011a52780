package dev.apikeys;

import java.time.Duration;

/**
 * How much the cache holds and how much load it puts on the store.
 *
 * @param keys most keys in memory
 * @param concurrentLoads most keys looked up in the store at once
 * @param missesPerSecond most look-ups that find nothing, per second
 * @param loadTimeout how long a request waits for a place among the loads, or for another request's load
 */
record CacheSettings(int keys, int concurrentLoads, int missesPerSecond, Duration loadTimeout) {}
