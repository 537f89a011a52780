package dev.apikeys.gateway;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.gateway.Upstream.Reading;
import dev.apikeys.spi.FeedPosition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Positions that a relay doesn't know, so that the store has to be asked about them: once for each, whoever is there.
 *
 * <p>Thread-safe.
 */
final class LookUps {
    /** Most positions that wait. */
    static final int MAX_WAITING = 64;

    private final Map<FeedPosition, CompletableFuture<Reading>> waiting = new LinkedHashMap<>();
    private boolean closed;

    /** A position to look up. */
    record LookUp(FeedPosition position, CompletableFuture<Reading> answer) {}

    /**
     * Wants to know what follows a position.
     *
     * @return empty if too many positions wait
     */
    synchronized Optional<CompletableFuture<Reading>> want(FeedPosition position) {
        CompletableFuture<Reading> before = waiting.get(position);
        if (before == null && (closed || waiting.size() >= MAX_WAITING)) {
            return Optional.empty();
        }
        return Optional.of(before != null ? before : waiting.computeIfAbsent(position, p -> new CompletableFuture<>()));
    }

    /** Takes the first ones out. */
    synchronized List<LookUp> take(int atMost) {
        List<LookUp> taken = new ArrayList<>();
        Iterator<Map.Entry<FeedPosition, CompletableFuture<Reading>>> all =
                waiting.entrySet().iterator();
        while (all.hasNext() && taken.size() < atMost) {
            Map.Entry<FeedPosition, CompletableFuture<Reading>> next = all.next();
            taken.add(new LookUp(next.getKey(), next.getValue()));
            all.remove();
        }
        return taken;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Tells everybody that nobody can be asked. */
    void fail() {
        StoreUnavailableException unavailable = new StoreUnavailableException("the store can't be asked");
        take(MAX_WAITING).forEach(lookUp -> lookUp.answer().completeExceptionally(unavailable));
    }

    /** Takes no more. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        fail();
    }
}
