package dev.apikeys.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How the columns of a file become the fields of a key. */
final class RowOptions {
    @Option(
            names = "--map",
            paramLabel = "FIELD=COLUMN",
            split = ",",
            description = "Which column holds a field, where it has another name. May be repeated.")
    private final Map<String, String> columns = new LinkedHashMap<>();

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "A field that has the same value in every line. May be repeated.")
    private final Map<String, String> values = new LinkedHashMap<>();

    /** The fields of a line. */
    Row row(Map<String, String> line) {
        line.keySet().stream()
                .filter(column -> !columns.containsValue(column))
                .forEach(RowOptions::requireKnownSpelling);
        Set<String> metadata = new LinkedHashSet<>();
        Stream.of(columns.keySet(), values.keySet(), line.keySet())
                .flatMap(Set::stream)
                .filter(field -> field.startsWith(Row.METADATA))
                .forEach(metadata::add);
        return new Row(
                field -> values.containsKey(field) ? values.get(field) : line.get(columns.getOrDefault(field, field)),
                metadata);
    }

    /** Other columns don't matter, but one in another spelling would be a field that is lost. */
    private static void requireKnownSpelling(String column) {
        if (!Row.FIELDS.contains(column)) {
            Row.FIELDS.stream()
                    .filter(field -> letters(field).equals(letters(column)))
                    .findFirst()
                    .ifPresent(field -> {
                        throw new IllegalArgumentException(
                                "the field " + field + " has another spelling in the file: name its column by --map");
                    });
        }
    }

    private static String letters(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Checks the names of fields.
     *
     * @throws CommandException when one is unknown
     */
    void check() {
        Stream.concat(columns.keySet().stream(), values.keySet().stream()).forEach(field -> {
            if (!Row.FIELDS.contains(field) && !field.startsWith(Row.METADATA)) {
                throw CommandException.usage("there is no field " + field + "; the fields are "
                        + String.join(", ", Row.FIELDS) + " and " + Row.METADATA + "NAME");
            }
        });
    }

    /**
     * Checks the names of columns.
     *
     * @param present those of the file; empty where lines name them
     * @throws CommandException when one is not in the file
     */
    void check(List<String> present) {
        for (String column : columns.values()) {
            if (!present.isEmpty() && !present.contains(column)) {
                throw CommandException.usage(
                        "there is no column " + column + "; the file has " + String.join(", ", present));
            }
        }
    }
}
