package dev.apikeys.spi;

import java.time.Duration;

/**
 * Where a node reads what other nodes changed: its store, as {@code store::openChangeFeed}, or a relay of the store's feed.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface FeedSource {
    /**
     * Opens a feed. The caller closes it.
     *
     * @param timeout how long one batch may take
     * @throws dev.apikeys.StoreUnavailableException if it can't be opened
     */
    ChangeFeed open(Duration timeout);
}
