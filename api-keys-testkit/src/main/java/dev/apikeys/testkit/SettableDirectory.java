package dev.apikeys.testkit;

import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.spi.OwnerDirectory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An owner directory in memory. Every owner is active and may do everything until a test changes that.
 *
 * <p>Thread-safe.
 */
public final class SettableDirectory implements OwnerDirectory {
    private final Map<Owner, State> states = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    /** Everybody is active. */
    public SettableDirectory() {}

    /** The owner is suspended from now on. */
    public void suspend(Owner owner) {
        Objects.requireNonNull(owner, "owner");
        states.put(owner, State.inactive());
    }

    /** The owner is active and may do only this from now on. */
    public void allow(Owner owner, String... scopes) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(scopes, "scopes");
        states.put(owner, State.active(Scopes.of(scopes)));
    }

    /** Every question throws this from now on, checked or not; null ends that. */
    public void failWith(@Nullable Throwable anything) {
        failure = anything;
    }

    /** How often it was asked. */
    public int calls() {
        return calls.get();
    }

    @Override
    public State stateOf(Owner owner) {
        Objects.requireNonNull(owner, "owner");
        calls.incrementAndGet();
        Throwable broken = failure;
        if (broken != null) {
            StoreFaults.raise(broken);
        }
        return states.getOrDefault(owner, State.active(Scopes.ALL));
    }
}
