package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A real store whose calls are counted and can be held or broken, before the store does its work or after.
 *
 * <p>Thread-safe.
 */
final class ObservedStore {
    private final ApiKeyStore real;
    private final ApiKeyStore store;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, Consumer<@Nullable Object[]>> before = new ConcurrentHashMap<>();
    private final Map<String, Consumer<@Nullable Object[]>> after = new ConcurrentHashMap<>();

    ObservedStore(ApiKeyStore real) {
        this.real = real;
        this.store = (ApiKeyStore) Proxy.newProxyInstance(
                ApiKeyStore.class.getClassLoader(),
                new Class<?>[] {ApiKeyStore.class},
                (proxy, method, arguments) -> call(method, arguments));
    }

    ApiKeyStore store() {
        return store;
    }

    /** How often the method was called since the last {@link #forgetCalls()}. */
    int calls(String method) {
        return counter(method).get();
    }

    /** How often anything was called but the opening of the feed, which the poller does in its own time. */
    int allCalls() {
        return calls.entrySet().stream()
                .filter(call -> !call.getKey().equals("openChangeFeed"))
                .mapToInt(call -> call.getValue().get())
                .sum();
    }

    void forgetCalls() {
        calls.clear();
    }

    /** From now on this comes before the method's work; what it throws, the method throws, its work undone. */
    void before(String method, Consumer<@Nullable Object[]> step) {
        before.put(method, step);
    }

    /** From now on this comes after the method's work; what it throws, the method throws, its work done. */
    void after(String method, Consumer<@Nullable Object[]> step) {
        after.put(method, step);
    }

    /** The store works again. */
    void heal() {
        before.clear();
        after.clear();
    }

    private AtomicInteger counter(String method) {
        return calls.computeIfAbsent(method, name -> new AtomicInteger());
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] given) throws Throwable {
        @Nullable Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        counter(name).incrementAndGet();
        before.getOrDefault(name, ObservedStore::nothing).accept(arguments);
        Object answer;
        try {
            answer = method.invoke(real, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
        after.getOrDefault(name, ObservedStore::nothing).accept(arguments);
        return answer;
    }

    private static void nothing(@Nullable Object[] arguments) {}
}
