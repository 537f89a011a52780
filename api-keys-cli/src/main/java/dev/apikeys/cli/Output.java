package dev.apikeys.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** The one place that writes: results to the output, everything else to the messages. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private final Surroundings surroundings;
    private final Form form;

    /** For whom results are written. */
    enum Form {
        /** For people. */
        TABLE,
        /** For programs. */
        JSON
    }

    Output(Surroundings surroundings, Form form) {
        this.surroundings = surroundings;
        this.form = form;
    }

    boolean isJson() {
        return form == Form.JSON;
    }

    /** Writes a list. The lines are taken one after the other, so that it may be long. */
    void list(Stream<Line> lines) {
        if (isJson()) {
            writeArray(lines);
        } else {
            List<Map<String, String>> cells = new ArrayList<>();
            lines.forEach(line -> cells.add(line.cells()));
            Ansi ansi = surroundings.coloursOn(surroundings.terminal().output()) ? Ansi.ON : Ansi.OFF;
            new TextTable(cells, ansi).lines().forEach(surroundings.out()::println);
        }
    }

    /** Writes one record: all its fields, one below the other. */
    void one(Line line) {
        if (isJson()) {
            json(line.fields());
            return;
        }
        int width =
                line.fields().keySet().stream().mapToInt(String::length).max().orElse(0);
        line.fields()
                .forEach((name, value) -> surroundings
                        .out()
                        .println(name
                                + " ".repeat(width - name.length() + 2)
                                + (value == null ? "-" : TextTable.harmless(value.toString()))));
    }

    /** Writes a value for programs. */
    void json(Object value) {
        try {
            surroundings.out().println(JSON.writeValueAsString(value));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Writes a text as it is, with a line break. */
    void text(String text) {
        surroundings.out().println(text);
    }

    /** Tells people something beside the result. */
    void message(String text) {
        surroundings.messages().println(TextTable.harmless(text));
    }

    private void writeArray(Stream<Line> lines) {
        try (JsonGenerator generator = JSON.getFactory().createGenerator(surroundings.out())) {
            generator.useDefaultPrettyPrinter();
            generator.writeStartArray();
            for (Line line : (Iterable<Line>) lines::iterator) {
                JSON.writeValue(generator, line.fields());
            }
            generator.writeEndArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        surroundings.out().println();
    }
}
