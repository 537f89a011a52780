package dev.apikeys.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One record to be shown: fields for programs, and cells under headings for people. Not thread-safe. */
final class Line {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final Map<String, String> cells = new LinkedHashMap<>();

    /** A field that only programs get. */
    Line field(String name, @Nullable Object value) {
        fields.put(name, value instanceof Instant || value instanceof Enum<?> ? value.toString() : value);
        return this;
    }

    /** A cell that only people get. */
    Line cell(String heading, @Nullable Object value) {
        cells.put(heading, value == null ? "" : value.toString());
        return this;
    }

    /** A cell, and the field of the same value. */
    Line both(String heading, String name, @Nullable Object value) {
        return field(name, value).cell(heading, value);
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }

    Map<String, String> cells() {
        return cells;
    }
}
