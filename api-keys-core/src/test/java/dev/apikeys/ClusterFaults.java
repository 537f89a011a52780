package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.ChangeBatch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong between one node and the store that it shares with others: calls fail, wait, or are held until a
 * test lets them go. Calls are named by their methods; {@code read} is the reading of a feed.
 *
 * <p>Thread-safe.
 */
final class ClusterFaults {
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private final Map<String, Runnable> after = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private volatile UnaryOperator<ChangeBatch> readings = UnaryOperator.identity();
    private volatile @Nullable Throwable outage;

    /** The store as the node with these faults sees it. */
    ApiKeyStore between(ApiKeyStore store) {
        return proxy(ApiKeyStore.class, store);
    }

    /** From now on no call reaches the store. */
    void cutOff() {
        failWith(new StoreUnavailableException("cut off by the test"));
    }

    void failWith(Throwable failure) {
        outage = failure;
    }

    /** The store answers again. */
    void reconnect() {
        outage = null;
    }

    void before(String call, Runnable step) {
        before.put(call, step);
    }

    /** The step runs when the store has answered and the node does not know yet. */
    void after(String call, Runnable step) {
        after.put(call, step);
    }

    void nothingMore(String call) {
        before.remove(call);
        after.remove(call);
    }

    void onReading(UnaryOperator<ChangeBatch> change) {
        readings = change;
    }

    /** Holds the call before it reaches the store. */
    Gate holdBefore(String call) {
        Gate gate = new Gate();
        before(call, gate::pass);
        return gate;
    }

    /** Holds the call after the store answered. */
    Gate holdAfter(String call) {
        Gate gate = new Gate();
        after(call, gate::pass);
        return gate;
    }

    /** How often the call was made. */
    long calls(String call) {
        return calls.computeIfAbsent(call, unseen -> new LongAdder()).sum();
    }

    private <T> T proxy(Class<T> type, T real) {
        InvocationHandler handler = (proxy, method, args) -> {
            String call = method.getName();
            calls.computeIfAbsent(call, unseen -> new LongAdder()).increment();
            before.getOrDefault(call, () -> {}).run();
            Throwable failure = outage;
            if (failure != null && !call.equals("close")) {
                throw failure;
            }
            Object answer = invoke(() -> method.invoke(real, args));
            after.getOrDefault(call, () -> {}).run();
            if (answer instanceof ChangeBatch reading) {
                return readings.apply(reading);
            }
            return answer instanceof ChangeFeed feed ? proxy(ChangeFeed.class, feed) : answer;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private interface Reflective {
        @Nullable
        Object call() throws ReflectiveOperationException;
    }

    private static @Nullable Object invoke(Reflective real) throws Throwable {
        try {
            return real.call();
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** Holds whoever comes until it is opened. */
    static final class Gate {
        private static final long PATIENCE_SECONDS = 30;

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void pass() {
            reached.countDown();
            await(open, "nobody opened the gate");
        }

        void awaitReached() {
            await(reached, "nobody came to the gate");
        }

        void open() {
            open.countDown();
        }

        private static void await(CountDownLatch latch, String complaint) {
            try {
                if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(complaint);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(complaint, interrupted);
            }
        }
    }
}
