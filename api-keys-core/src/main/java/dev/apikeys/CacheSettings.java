package dev.apikeys;

import java.time.Duration;

/**
 * How much the cache holds, how much load it puts on the store, and with what it begins.
 *
 * @param keys most keys in memory
 * @param concurrentLoads most keys looked up in the store at once
 * @param missesPerSecond most look-ups that find nothing, per second
 * @param loadTimeout how long a request waits for a place among the loads, or for another request's load
 * @param warmUp most keys that are loaded before they are asked for
 */
record CacheSettings(int keys, int concurrentLoads, int missesPerSecond, Duration loadTimeout, int warmUp) {
    static final CacheSettings DEFAULT = new CacheSettings(100_000, 16, 1_000, Duration.ofSeconds(2), 0);

    CacheSettings {
        require(keys >= 1 && keys <= 100_000_000, "the cache holds 1 to 100,000,000 keys: ", keys);
        require(
                concurrentLoads >= 1 && concurrentLoads <= 1_000,
                "1 to 1,000 keys can be looked up at once: ",
                concurrentLoads);
        require(
                missesPerSecond >= 1 && missesPerSecond <= 1_000_000,
                "misses per second are 1 to 1,000,000: ",
                missesPerSecond);
        require(warmUp >= 0 && warmUp <= 100_000, "the cache begins with 0 to 100,000 keys: ", warmUp);
    }

    CacheSettings holding(int most) {
        return new CacheSettings(most, concurrentLoads, missesPerSecond, loadTimeout, warmUp);
    }

    CacheSettings loadingAtOnce(int most) {
        return new CacheSettings(keys, most, missesPerSecond, loadTimeout, warmUp);
    }

    CacheSettings missing(int mostPerSecond) {
        return new CacheSettings(keys, concurrentLoads, mostPerSecond, loadTimeout, warmUp);
    }

    CacheSettings waiting(Duration atMost) {
        return new CacheSettings(keys, concurrentLoads, missesPerSecond, atMost, warmUp);
    }

    CacheSettings beginningWith(int most) {
        return new CacheSettings(keys, concurrentLoads, missesPerSecond, loadTimeout, most);
    }

    private static void require(boolean holds, String message, int value) {
        if (!holds) {
            throw new IllegalArgumentException(message + value);
        }
    }
}
