package dev.apikeys;

import dev.apikeys.PageRequest.Position;
import dev.apikeys.spi.DueKeys;
import dev.apikeys.spi.GivenNotice;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.NoticeQuery;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something once for each key that a query finds, and remembers that in the store. What could not be remembered yet is
 * kept here and remembered first, so that this node never does it twice.
 *
 * <p>For one thread at a time.
 */
final class NoticeWalk {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeWalk.class);
    /** How many keys the store looks at in one step. */
    static final int PART = 500;

    private final Housekeeping store;
    private final SharedTask task;
    private final Queue<GivenNotice> unremembered = new ArrayDeque<>();

    NoticeWalk(Housekeeping store, SharedTask task) {
        this.store = store;
        this.task = task;
    }

    /**
     * Walks over the keys.
     *
     * @param step what to do for a key; true if that is to be remembered. When it throws, it is tried again in a later
     *     walk
     * @throws StoreUnavailableException when the store failed
     */
    void walk(NoticeQuery query, Instant now, Predicate<ApiKey> step) {
        rememberAll();
        Parts parts = new Parts(query);
        while (task.step(() -> parts.next(key -> give(query, now, step, key)))) {
            // The rests are the task's.
        }
    }

    /** All keys that the query finds. */
    List<ApiKey> find(NoticeQuery query) {
        List<ApiKey> found = new ArrayList<>();
        Parts parts = new Parts(query);
        while (parts.next(found::add)) {
            // Without rests: somebody waits for it.
        }
        return found;
    }

    /** The parts of a walk, one after another. */
    private final class Parts {
        private final NoticeQuery query;
        private @Nullable Position end;

        Parts(NoticeQuery query) {
            this.query = query;
        }

        /** Does this for the keys of the next part, until it is false. Returns whether another part follows. */
        boolean next(Predicate<ApiKey> step) {
            DueKeys part = store.withoutNotice(query, end, PART);
            end = part.end();
            return part.keys().stream().allMatch(step) && end != null;
        }
    }

    /** False if the walk must not go on. */
    private boolean give(NoticeQuery query, Instant now, Predicate<ApiKey> step, ApiKey key) {
        if (!task.goesOn()) {
            return false;
        }
        if (succeeds(step, key, query.notice())) {
            Instant about = query.about().of(key);
            unremembered.add(new GivenNotice(key.id(), query.notice(), about == null ? now : about, now));
            rememberAll();
        }
        return true;
    }

    private static boolean succeeds(Predicate<ApiKey> step, ApiKey key, String notice) {
        try {
            return step.test(key);
        } catch (StoreUnavailableException noMoreToday) {
            throw noMoreToday;
        } catch (Throwable failure) {
            // An error too: one odd key must not hold up the others.
            LOG.warn(
                    "The notice {} of key {} failed and is given later: {}",
                    notice,
                    key.id(),
                    failure.getClass().getName());
            return false;
        }
    }

    private void rememberAll() {
        GivenNotice first = unremembered.peek();
        while (first != null) {
            store.remember(first);
            unremembered.remove();
            first = unremembered.peek();
        }
    }
}
