package dev.apikeys.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept in memory, and how much the database has to bear.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keys how many keys are kept in memory
 * @param concurrentLoads how many keys may be looked up in the database at once
 * @param missesPerSecond how many look-ups a second may find nothing; above it, keys that aren't in memory get a 503
 * @param warmUp how many of the keys that were used last are loaded in the background when the application starts
 */
@ConfigurationProperties("apikeys.cache")
public record CacheProperties(
        @DefaultValue("100000") int keys,
        @DefaultValue("16") int concurrentLoads,
        @DefaultValue("1000") int missesPerSecond,
        @DefaultValue("0") int warmUp) {}
