package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store whether the cached keys still exist, some of them every second and all of them within a minute as long
 * as there are no more than 120,000. A store that lost its latest commits may lack a key without any change that could
 * tell so.
 *
 * <p>Used by one thread.
 */
final class CachedKeyCheck {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final int STEPS = 60;
    private static final int MAX_BATCH = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(CachedKeyCheck.class);

    private final ApiKeyStore store;
    private final KeyCache cache;
    private final TokenFormat format;
    private Iterator<PublicId> next = Collections.emptyIterator();

    CachedKeyCheck(ApiKeyStore store, KeyCache cache, TokenFormat format) {
        this.store = store;
        this.cache = cache;
        this.format = format;
    }

    /**
     * Checks some keys and forgets those that are gone.
     *
     * @throws StoreUnavailableException when the store failed; these keys are checked in the next round
     */
    void step() {
        if (!next.hasNext()) {
            next = cache.ids();
        }
        int most = (int) Math.min(MAX_BATCH, cache.size() / STEPS + 1);
        List<String> publicIds = new ArrayList<>(most);
        while (publicIds.size() < most && next.hasNext()) {
            publicIds.add(format.text(next.next()));
        }
        if (publicIds.isEmpty()) {
            return;
        }
        Set<String> missing = store.findMissing(publicIds);
        if (!missing.isEmpty()) {
            LOG.warn("{} cached keys are gone from the store and are forgotten", missing.size());
            cache.forget(missing);
        }
    }
}
