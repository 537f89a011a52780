package dev.apikeys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When and from where a key was last accepted. Noted in memory and written in batches, so it may be late by one usage
 * interval.
 *
 * <p>Immutable and thread-safe.
 *
 * @param at the latest accepted use
 * @param address the client's IP address, or null when unknown
 */
public record LastUse(Instant at, @Nullable String address) {}
