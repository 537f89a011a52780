package dev.apikeys.management;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that the route names, and no others. Values from a path or query are strings; values from a
 * body are parsed by {@link Json}. JSON null counts as absent.
 *
 * <p>Not thread-safe; one per call.
 */
final class Input {
    private final Map<Field, Object> values = new EnumMap<>(Field.class);
    private final Route.Source source;

    Input(Route.Source source) {
        this.source = source;
    }

    /** Where the fields were sent. */
    Route.Source source() {
        return source;
    }

    void put(Field field, @Nullable Object value) {
        if (value != null) {
            values.put(field, value);
        }
    }

    /** The value; null if it was not sent. */
    @Nullable
    Object get(Field field) {
        return values.get(field);
    }

    /** The value if it is text. */
    Optional<String> text(Field field) {
        return values.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Shows only the names of the fields, because a value may be a password. */
    @Override
    public String toString() {
        return "Input" + Set.copyOf(values.keySet());
    }
}
