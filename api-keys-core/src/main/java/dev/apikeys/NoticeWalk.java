package dev.apikeys;

import dev.apikeys.spi.GivenNotice;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.NoticeQuery;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
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
    private static final int PAGE = 100;

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
        PageRequest next = PageRequest.first(PAGE);
        while (true) {
            List<ApiKey> page = store.withoutNotice(query, next);
            for (ApiKey key : page) {
                if (!task.goesOn()) {
                    return;
                }
                if (succeeds(step, key, query.notice())) {
                    Instant about = query.about().of(key);
                    unremembered.add(new GivenNotice(key.id(), query.notice(), about == null ? now : about, now));
                    rememberAll();
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            next = PageRequest.after(positionOf(page.get(PAGE - 1)), PAGE);
        }
    }

    /** All keys that the query finds. */
    List<ApiKey> find(NoticeQuery query) {
        List<ApiKey> found = new ArrayList<>();
        PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            List<ApiKey> page = store.withoutNotice(query, next);
            found.addAll(page);
            if (page.size() < next.limit()) {
                return found;
            }
            next = PageRequest.after(positionOf(page.get(page.size() - 1)), PageRequest.MAX_LIMIT);
        }
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

    private static PageRequest.Position positionOf(ApiKey key) {
        return new PageRequest.Position(key.createdAt(), key.id());
    }
}
