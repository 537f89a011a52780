package dev.apikeys.nulls;

import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A valid value for each type that occurs as a parameter or has methods. */
public final class Samples {
    private static final Map<Class<?>, Object> PRIMITIVES = Map.of(
            boolean.class, false, char.class, '_', int.class, 1, long.class, 1L);

    private final List<Object> values = new ArrayList<>();

    /** The values of the JDK, and these. */
    public Samples(Object... values) {
        this.values.addAll(List.of(
                "sample",
                new UUID(0, 1),
                Instant.EPOCH,
                Duration.ofSeconds(1),
                Clock.systemUTC(),
                ZoneOffset.UTC,
                List.of(),
                Set.of(),
                Map.of(),
                new IllegalStateException("sample"),
                (Function<Object, Object>) value -> value,
                (UnaryOperator<Object>) value -> value,
                (IntFunction<Object>) number -> number,
                (Consumer<Object>) value -> {},
                (Callable<Object>) () -> "sample",
                (LongSupplier) () -> 0));
        this.values.addAll(List.of(values));
    }

    /**
     * A value of the type: one of those that were given, a constant, an empty array, or, of an interface, an object that
     * fails whatever is asked of it.
     *
     * @throws IllegalArgumentException when there is none
     */
    Object of(Class<?> type) {
        if (type.isPrimitive()) {
            return PRIMITIVES.get(type);
        }
        return values.stream().filter(type::isInstance).findFirst().orElseGet(() -> made(type));
    }

    private static Object made(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (!type.isInterface() || type.isSealed()) {
            throw new IllegalArgumentException("a sample is needed of " + type);
        }
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            throw new UnsupportedOperationException("asked for " + method + " before the arguments were checked");
        });
    }
}
