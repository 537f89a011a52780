package dev.apikeys.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
        return new Row(field -> {
            if (values.containsKey(field)) {
                return values.get(field);
            }
            return line.get(columns.getOrDefault(field, field));
        });
    }

    /**
     * Checks the names of fields.
     *
     * @throws CommandException when one is unknown
     */
    void check() {
        for (String field : columns.keySet()) {
            check(field);
        }
        for (String field : values.keySet()) {
            check(field);
        }
    }

    private static void check(String field) {
        if (!Row.FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
            throw CommandException.usage("there is no field " + TextTable.harmless(field) + "; the fields are "
                    + String.join(", ", Row.FIELDS));
        }
    }
}
