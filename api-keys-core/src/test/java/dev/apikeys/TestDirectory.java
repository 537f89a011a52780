package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A host's directory in memory, in which everybody is active and may do everything until a test says otherwise.
 *
 * <p>Thread-safe.
 */
final class TestDirectory implements OwnerDirectory {
    private final Map<Owner, State> states = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    void suspend(Owner owner) {
        states.put(owner, State.inactive());
    }

    void allow(Owner owner, String... scopes) {
        states.put(owner, State.active(Scopes.of(scopes)));
    }

    void failWith(@Nullable Throwable anything) {
        failure = anything;
    }

    int calls() {
        return calls.get();
    }

    @Override
    public State stateOf(Owner owner) {
        calls.incrementAndGet();
        Throwable broken = failure;
        if (broken instanceof RuntimeException exception) {
            throw exception;
        }
        if (broken instanceof Error error) {
            throw error;
        }
        return states.getOrDefault(owner, State.active(Scopes.ALL));
    }
}
