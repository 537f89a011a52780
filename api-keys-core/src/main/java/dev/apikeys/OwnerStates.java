package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The states of owners, read from the host's directory and kept for some time. All cached keys of one owner share one
 * {@link View}, so that a change of the owner reaches all of them.
 *
 * <p>Thread-safe.
 */
final class OwnerStates {
    private final OwnerDirectory directory;
    private final long maxAgeNanos;
    private final Supplier<Moment> clock;
    private final SingleFlight<Owner, Known> reads;
    /** Weak values: a view lives as long as a cached key references it, and so long a change can find it. */
    private final LoadingCache<Owner, View> views =
            Caffeine.newBuilder().weakValues().build(View::new);

    /** Owners with equal states share one object, so that states are compared by reference. */
    private final Interner<OwnerDirectory.State> states = Interner.newWeakInterner();

    OwnerStates(OwnerDirectory directory, Duration maxAge, Supplier<Moment> clock, Duration maxWait) {
        this.directory = directory;
        this.maxAgeNanos = maxAge.toNanos();
        this.clock = clock;
        this.reads = new SingleFlight<>(maxWait, OwnerStates::unavailable);
    }

    /** One owner as the cached keys see them. */
    static final class View {
        private final Owner owner;
        private volatile long changes;
        private volatile @Nullable Known known;

        View(Owner owner) {
            this.owner = owner;
        }

        Owner owner() {
            return owner;
        }

        private synchronized void changed() {
            changes++;
            known = null;
        }
    }

    /**
     * What the directory answered.
     *
     * @param change the number of known changes of the owner at the time of the question
     * @param nanos elapsed time before the question
     * @param wallMillis the wall clock then
     */
    record Known(View view, long change, OwnerDirectory.State state, long nanos, long wallMillis) {
        /** The moment before the question. */
        Moment read() {
            return new Moment(nanos, wallMillis);
        }

        /** As {@link Moment#ageAt}, without an object for each request. */
        private long ageAt(long laterNanos, long laterWallMillis) {
            return Moment.longer(laterNanos - nanos, laterWallMillis - wallMillis);
        }

        /** Tells whether no change was made since. */
        boolean isCurrent() {
            return view.changes == change;
        }
    }

    View viewOf(Owner owner) {
        return views.get(owner);
    }

    /** The state of the owner; null if it is unknown, or older than configured. */
    @Nullable
    Known known(View view, long nanos, long wallMillis) {
        Known known = view.known;
        return known != null && known.ageAt(nanos, wallMillis) < maxAgeNanos ? known : null;
    }

    /**
     * Asks the directory, or waits for another thread that asks.
     *
     * @param seen the state that the caller knows and finds too old, or null
     */
    Known read(View view, @Nullable Known seen) {
        return maxAgeNanos == 0
                ? ask(view)
                : reads.get(
                        view.owner,
                        () -> publishedSince(view, seen),
                        () -> ask(view),
                        known -> view.known = known,
                        known -> {});
    }

    /** Compares references: an equal answer that was read later is a new one. */
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Known publishedSince(View view, @Nullable Known seen) {
        Moment now = clock.get();
        Known known = known(view, now.nanos(), now.wallMillis());
        return known == seen ? null : known;
    }

    private Known ask(View view) {
        long change = view.changes;
        Moment asked = clock.get();
        return new Known(view, change, states.intern(fresh(view.owner)), asked.nanos(), asked.wallMillis());
    }

    /** The present answer of the directory. */
    OwnerDirectory.State fresh(Owner owner) {
        try {
            return Objects.requireNonNull(directory.stateOf(owner), "the owner directory answered null");
        } catch (RuntimeException failure) {
            throw unavailable(failure);
        }
    }

    void forget(Owner selector) {
        views.asMap().values().forEach(view -> {
            if (view.owner.isSelectedBy(selector)) {
                forget(view);
            }
        });
    }

    void forgetAll() {
        views.asMap().values().forEach(this::forget);
    }

    private void forget(View view) {
        reads.outdate(view.owner);
        view.changed();
        reads.outdate(view.owner);
    }

    private static RuntimeException unavailable(Throwable failure) {
        return failure instanceof OwnerDirectoryUnavailableException already
                ? already
                : new OwnerDirectoryUnavailableException(failure);
    }
}
