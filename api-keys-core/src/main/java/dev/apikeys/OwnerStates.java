package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.apikeys.OwnerView.Known;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The states of owners, read from the host's directory and kept for some time. All cached keys of one owner share one
 * {@link OwnerView}, so that a change of the owner reaches all of them.
 *
 * <p>Thread-safe.
 */
final class OwnerStates {
    private final OwnerDirectory directory;
    private final long maxAgeNanos;
    private final Supplier<Moment> clock;
    private final SingleFlight<Owner, Known> reads;
    /** Weak values: a view lives as long as a cached key references it, and so long a change can find it. */
    private final LoadingCache<Owner, OwnerView> views =
            Caffeine.newBuilder().weakValues().build(OwnerView::new);

    /** Owners with equal states share one object, so that states are compared by reference. */
    private final Interner<OwnerDirectory.State> states = Interner.newWeakInterner();

    OwnerStates(OwnerDirectory directory, Duration maxAge, Supplier<Moment> clock, Duration maxWait) {
        this.directory = directory;
        this.maxAgeNanos = maxAge.toNanos();
        this.clock = clock;
        this.reads = new SingleFlight<>(maxWait, OwnerStates::unavailable);
    }

    OwnerView viewOf(Owner owner) {
        return views.get(owner);
    }

    /**
     * The state of the owner; null if it is unknown, older than configured, or older than this.
     *
     * @param mostNanos how old it may be at this moment
     */
    OwnerDirectory.@Nullable State state(OwnerView view, long mostNanos, long nanos, long wallMillis) {
        return view.state(Math.min(mostNanos, maxAgeNanos - 1), nanos, wallMillis);
    }

    /** What is known of the owner; null if that is nothing, or older than configured. */
    @Nullable
    Known known(OwnerView view, long nanos, long wallMillis) {
        Known known = view.known();
        return known != null && known.asked().ageAt(nanos, wallMillis) < maxAgeNanos ? known : null;
    }

    /**
     * Asks the directory, or waits for another thread that asks.
     *
     * @param seen the state that the caller knows and finds too old, or null
     */
    Known read(OwnerView view, @Nullable Known seen) {
        return maxAgeNanos == 0
                ? ask(view)
                : reads.get(view.owner(), () -> publishedSince(view, seen), () -> ask(view), view::keep, known -> {});
    }

    private @Nullable Known publishedSince(OwnerView view, @Nullable Known seen) {
        Moment now = clock.get();
        Known known = known(view, now.nanos(), now.wallMillis());
        return Objects.equals(known, seen) ? null : known;
    }

    private Known ask(OwnerView view) {
        int change = view.changes();
        Moment asked = clock.get();
        return new Known(view, change, states.intern(fresh(view.owner())), asked);
    }

    /** The present answer of the directory. */
    OwnerDirectory.State fresh(Owner owner) {
        try {
            return Objects.requireNonNull(directory.stateOf(owner), "the owner directory answered null");
        } catch (Exception failure) {
            // A directory may throw exceptions that it doesn't declare, as one in Kotlin does.
            throw unavailable(failure);
        }
    }

    /** Looks at each cached owner once, however many selectors there are: the next confirmation waits for it. */
    void forget(Collection<Owner> some) {
        OwnerSelectors selectors = new OwnerSelectors(some);
        views.asMap().values().forEach(view -> {
            if (selectors.select(view.owner())) {
                forget(view);
            }
        });
    }

    void forgetAll() {
        views.asMap().values().forEach(this::forget);
    }

    private void forget(OwnerView view) {
        reads.outdate(view.owner());
        view.changed();
        reads.outdate(view.owner());
    }

    private static RuntimeException unavailable(Throwable failure) {
        return failure instanceof OwnerDirectoryUnavailableException already
                ? already
                : new OwnerDirectoryUnavailableException(failure);
    }
}
