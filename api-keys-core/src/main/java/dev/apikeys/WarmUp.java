package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.LatestUses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the keys that were used last into the cache of a service that starts. It first walks through the latest uses of all
 * keys, and then looks up the keys one by one, as a verification does. Key ids are random: a walk that ends early has seen
 * a sample.
 *
 * <p>For one thread, once; another thread may stop it.
 */
final class WarmUp {
    /** The longest walk, and the longest time in which keys are looked up. */
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** How many uses the store looks at in one step. */
    static final int PART = 1_000;

    private static final Comparator<LatestUses.Use> OLDEST_FIRST = Comparator.comparing(LatestUses.Use::at);
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final int wanted;
    private final Housekeeping uses;
    private final KeyCache cache;
    private final Lease time;
    private final Pace pace;
    /** The latest uses so far, the oldest of them first. */
    private final PriorityQueue<LatestUses.Use> latest = new PriorityQueue<>(OLDEST_FIRST);

    private @Nullable UUID end;
    private int loaded;

    WarmUp(CacheSettings settings, ApiKeyStore store, LocalState state) {
        this.wanted = Math.min(settings.warmUp(), settings.keys());
        this.uses = store.housekeeping();
        this.cache = state.cache();
        this.time = state.lease();
        this.pace = new Pace(time::nanos);
    }

    boolean isWanted() {
        return wanted > 0;
    }

    void stop() {
        pace.end();
    }

    void run() {
        try {
            repeat(this::findPart);
            Iterator<String> newestFirst = newestFirst();
            repeat(() -> newestFirst.hasNext() && isLoaded(newestFirst.next()));
            LOG.info("Loaded {} keys that were used last", loaded);
        } catch (StoreUnavailableException busy) {
            LOG.info("The store is busy or away: keys that were used last are loaded when they are used");
        }
    }

    private void repeat(Pace.Step step) {
        long began = time.nanos();
        boolean more = true;
        while (more && time.nanos() - began < LONGEST.toNanos()) {
            more = pace.step(step);
        }
    }

    private boolean findPart() {
        LatestUses.Use oldest = latest.peek();
        Instant since = oldest == null || latest.size() < wanted ? Instant.EPOCH : oldest.at();
        LatestUses part = uses.latestUses(end, since, PART);
        for (LatestUses.Use use : part.uses()) {
            latest.add(use);
            if (latest.size() > wanted) {
                latest.remove();
            }
        }
        end = part.end();
        return end != null;
    }

    private Iterator<String> newestFirst() {
        List<LatestUses.Use> found = new ArrayList<>(latest);
        found.sort(OLDEST_FIRST.reversed());
        latest.clear();
        return found.stream().map(LatestUses.Use::publicId).iterator();
    }

    private boolean isLoaded(String publicId) {
        PublicId id = PublicId.parse(publicId, 0, publicId.length());
        if (id != null) {
            cache.warm(id);
            loaded++;
        }
        return true;
    }
}
