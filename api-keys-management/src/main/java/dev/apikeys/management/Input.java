package dev.apikeys.management;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the caller sent in the fields that a route takes, and nothing else: a field that the route does not name never
 * gets here. Values from a path or query are strings; values from a body are what {@link Json} makes of them. JSON null
 * is the same as absent.
 *
 * <p>Not thread-safe; one per call.
 */
final class Input {
    private final Map<Field, Object> values = new EnumMap<>(Field.class);
    private final Route.Source source;

    Input(Route.Source source) {
        this.source = source;
    }

    /** Where it was sent. */
    Route.Source source() {
        return source;
    }

    void put(Field field, @Nullable Object value) {
        if (value != null) {
            values.put(field, value);
        }
    }

    /** What was sent; null when nothing was. */
    @Nullable
    Object get(Field field) {
        return values.get(field);
    }

    /** What was sent if it is text. */
    Optional<String> text(Field field) {
        return values.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The names of the fields; a value may be a password. */
    @Override
    public String toString() {
        return "Input" + Set.copyOf(values.keySet());
    }
}
