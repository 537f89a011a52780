package dev.apikeys.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A file with one record on each line: CSV with headings, or JSON Lines. A line is read by itself, so that a broken one,
 * such as one with an open quote, spoils no other. Not thread-safe.
 */
final class RowFile implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char NOT_UTF_8 = '\uFFFD';

    private final BufferedReader reader;
    private final Format format;
    private final CSVFormat csv;
    private final List<String> headings;

    /** What a line looks like. */
    enum Format {
        CSV,
        JSONL
    }

    private RowFile(BufferedReader reader, Format format, char delimiter) throws IOException {
        this.reader = reader;
        this.format = format;
        this.csv = CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get();
        this.headings = format == Format.CSV ? headings() : List.of();
    }

    /**
     * Opens a file, and reads its headings.
     *
     * @param delimiter what separates two values in CSV
     */
    static RowFile open(InputStream in, Format format, char delimiter) {
        try {
            return new RowFile(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), format, delimiter);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The number of the first line that holds a record. */
    long firstLine() {
        return format == Format.CSV ? 2 : 1;
    }

    /** The lines that hold records. */
    Stream<String> lines() {
        return reader.lines();
    }

    /**
     * The values of a line by their names; what is null or missing is empty.
     *
     * @throws IllegalArgumentException when it can't be read; the message doesn't quote it
     */
    Map<String, String> read(String line) {
        if (line.isBlank()) {
            throw new IllegalArgumentException("the line is empty");
        }
        if (line.indexOf(NOT_UTF_8) >= 0) {
            throw new IllegalArgumentException("the line is not UTF-8");
        }
        return format == Format.CSV ? readCsv(line) : readJson(line);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<String> headings() throws IOException {
        String first = reader.readLine();
        if (first == null) {
            throw CommandException.usage("the file is empty; CSV begins with a line of headings");
        }
        return values(first.startsWith("\uFEFF") ? first.substring(1) : first);
    }

    private Map<String, String> readCsv(String line) {
        List<String> values = values(line);
        if (values.size() != headings.size()) {
            throw new IllegalArgumentException(
                    "the line has " + values.size() + " values, and there are " + headings.size() + " headings");
        }
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            // As MariaDB and PostgreSQL write NULL.
            named.put(headings.get(i), value.equals("\\N") ? "" : value);
        }
        return named;
    }

    private List<String> values(String line) {
        try (CSVParser parser = CSVParser.parse(line, csv)) {
            CSVRecord parsed = parser.getRecords().get(0);
            return List.of(parsed.values());
        } catch (IOException | RuntimeException broken) {
            throw new IllegalArgumentException("the line is not CSV; is a quote open?");
        }
    }

    private static Map<String, String> readJson(String line) {
        JsonNode record;
        try {
            record = JSON.readTree(line);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("the line is not JSON");
        }
        if (!record.isObject()) {
            throw new IllegalArgumentException("the line is not a JSON object");
        }
        Map<String, String> named = new LinkedHashMap<>();
        record.properties().forEach(field -> named.put(field.getKey(), text(field.getValue())));
        return named;
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : value.isObject() ? value.toString() : value.asText();
    }
}
