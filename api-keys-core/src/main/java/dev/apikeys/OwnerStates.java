package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of owners, read from the host's directory and good for a while. All cached keys of one owner share one
 * {@link View}, so that a change of the owner reaches them all.
 *
 * <p>Thread-safe.
 */
final class OwnerStates {
    private final OwnerDirectory directory;
    private final long maxAgeNanos;
    private final LongSupplier ticker;
    private final SingleFlight<Owner, OwnerDirectory.State> reads;
    /** Weak values: a view lives exactly as long as a cached key holds it, and until then a change can find it. */
    private final LoadingCache<Owner, View> views =
            Caffeine.newBuilder().weakValues().build(View::new);

    OwnerStates(OwnerDirectory directory, Duration maxAge, LongSupplier ticker, Duration maxWait) {
        this.directory = directory;
        this.maxAgeNanos = maxAge.toNanos();
        this.ticker = ticker;
        this.reads = new SingleFlight<>(maxWait, OwnerStates::unavailable);
    }

    /** One owner as the cached keys see them. */
    static final class View {
        private final Owner owner;
        private volatile @Nullable Known known;

        View(Owner owner) {
            this.owner = owner;
        }

        Owner owner() {
            return owner;
        }
    }

    private record Known(OwnerDirectory.State state, long readAtNanos) {}

    View viewOf(Owner owner) {
        return views.get(owner);
    }

    /** What is true of the owner, at most as old as configured. */
    OwnerDirectory.State current(View view, long nowNanos) {
        Known known = view.known;
        if (known != null && nowNanos - known.readAtNanos < maxAgeNanos) {
            return known.state;
        }
        if (maxAgeNanos == 0) {
            return fresh(view.owner);
        }
        long startedAt = ticker.getAsLong();
        return reads.get(
                view.owner, () -> fresh(view.owner), state -> view.known = new Known(state, startedAt), state -> {});
    }

    /** What the directory says now. */
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
        view.known = null;
    }

    private static RuntimeException unavailable(Throwable failure) {
        return failure instanceof OwnerDirectoryUnavailableException already
                ? already
                : new OwnerDirectoryUnavailableException(failure);
    }
}
