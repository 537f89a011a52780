package dev.apikeys.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The faults of each call, and how often it was made.
 *
 * <p>Thread-safe.
 */
final class StoreFaults {
    private final Map<StoreCall, Consumer<@Nullable Object[]>> before = new ConcurrentHashMap<>();
    private final Map<StoreCall, Consumer<@Nullable Object[]>> after = new ConcurrentHashMap<>();
    /** The answer in an Optional, since it may be null. */
    private final Map<StoreCall, Optional<Object>> answers = new ConcurrentHashMap<>();

    private final Map<StoreCall, LongAdder> calls = new ConcurrentHashMap<>();
    private volatile @Nullable Throwable outage;

    void outage(Throwable failure) {
        outage = failure;
    }

    void before(StoreCall call, Consumer<@Nullable Object[]> step) {
        before.put(call, step);
    }

    void after(StoreCall call, Consumer<@Nullable Object[]> step) {
        after.put(call, step);
    }

    void answer(StoreCall call, @Nullable Object answer) {
        answers.put(call, Optional.ofNullable(answer));
    }

    void heal(StoreCall call) {
        before.remove(call);
        after.remove(call);
        answers.remove(call);
    }

    void healAll() {
        before.clear();
        after.clear();
        answers.clear();
        outage = null;
    }

    long calls(StoreCall call) {
        return counter(call).sum();
    }

    long allCalls() {
        return calls.entrySet().stream()
                .filter(counted -> !counted.getKey().comesByItself())
                .mapToLong(counted -> counted.getValue().sum())
                .sum();
    }

    void forgetCalls() {
        calls.clear();
    }

    void run(StoreCall call, Runnable work, @Nullable Object... arguments) {
        this.<@Nullable Object>get(
                call,
                () -> {
                    work.run();
                    return null;
                },
                arguments);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // A test may give an answer that no store should.
    <T extends @Nullable Object> T get(StoreCall call, Supplier<T> work, @Nullable Object... arguments) {
        counter(call).increment();
        before.getOrDefault(call, StoreFaults::nothing).accept(arguments);
        Throwable failure = outage;
        if (failure != null && call != StoreCall.CLOSE_FEED) {
            raise(failure);
        }
        Optional<Object> answer = answers.get(call);
        if (answer != null) {
            return (T) answer.orElse(null);
        }
        T result = work.get();
        after.getOrDefault(call, StoreFaults::nothing).accept(arguments);
        return result;
    }

    private static void nothing(@Nullable Object[] arguments) {}

    /** Throws any exception, checked or not, because a driver may do that too. */
    @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
    static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    private LongAdder counter(StoreCall call) {
        return calls.computeIfAbsent(call, unseen -> new LongAdder());
    }
}
