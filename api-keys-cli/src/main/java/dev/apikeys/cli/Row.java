package dev.apikeys.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a key in a file. Immutable. */
final class Row {
    /** Every field that a file may have. */
    static final List<String> FIELDS = List.of(
            "lookup",
            "hash",
            "salt",
            "user",
            "organization",
            "workspace",
            "name",
            "mode",
            "scopes",
            "allowed-from",
            "created-at",
            "created-by",
            "expires-at",
            "paused-at",
            "revoked-at",
            "revoked",
            "last-used-at",
            "last-used-from");

    /** What the names of fields for metadata begin with. */
    static final String METADATA = "metadata.";

    /** As databases write times: with a blank or a T, with or without fraction and offset. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHmm", "Z")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final Function<String, @Nullable String> values;
    private final Set<String> metadata;

    /**
     * A row.
     *
     * @param values the value of a field; null if there is no such field
     * @param metadata the names of the fields for metadata
     */
    Row(Function<String, @Nullable String> values, Set<String> metadata) {
        this.values = values;
        this.metadata = metadata;
    }

    /** The entries of metadata that have a value. */
    Map<String, String> metadata() {
        Map<String, String> entries = new LinkedHashMap<>();
        metadata.forEach(field ->
                get(field).ifPresent(value -> entries.put(field.substring(METADATA.length()), value)));
        return entries;
    }

    /** Tells whether there is such a column, or a value for all lines. */
    boolean has(String field) {
        return values.apply(field) != null;
    }

    /** The value without blanks around it; empty if there is none. */
    Optional<String> get(String field) {
        return Optional.ofNullable(values.apply(field)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value with its blanks, for what was hashed with them; the empty text if there is none. */
    String exact(String field) {
        return Objects.requireNonNullElse(values.apply(field), "");
    }

    /**
     * The value.
     *
     * @throws IllegalArgumentException when there is none
     */
    String need(String field) {
        return get(field).orElseThrow(() -> new IllegalArgumentException("the field " + field + " is missing"));
    }

    /**
     * A time; empty if there is none. Without an offset it is UTC.
     *
     * @throws IllegalArgumentException when it can't be read
     */
    Optional<Instant> time(String field) {
        return get(field).map(value -> time(field, value));
    }

    /** Tells whether it is true, in one of the ways in which databases write that. */
    boolean isTrue(String field) {
        return get(field)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "true", "t", "1", "yes" -> true;
                    case "false", "f", "0", "no" -> false;
                    default -> throw new IllegalArgumentException("the field " + field + " is neither true nor false");
                })
                .orElse(false);
    }

    private static Instant time(String field, String value) {
        if (value.matches("\\d{9,11}")) {
            return Instant.ofEpochSecond(Long.parseLong(value));
        }
        try {
            TemporalAccessor read = value.length() == 10
                    ? LocalDateTime.parse(value + "T00:00")
                    : TIME.parseBest(value, OffsetDateTime::from, LocalDateTime::from);
            return read instanceof OffsetDateTime exact
                    ? exact.toInstant()
                    : LocalDateTime.from(read).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException unreadable) {
            throw new IllegalArgumentException("the field " + field
                    + " is no time; it is like 2027-01-31, 2027-01-31 12:00:00+00 or seconds since 1970");
        }
    }
}
