package dev.apikeys.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A file with one record on each line: CSV with headings, or JSON Lines. A line is read by itself, so that a broken one,
 * such as one with an open quote, spoils no other. Not thread-safe.
 */
final class RowFile implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final LineReader reader;
    private final Format format;
    private final CSVFormat csv;
    private final List<String> headings;

    /** What a line looks like. */
    enum Format {
        CSV,
        JSONL
    }

    private RowFile(LineReader reader, Format format, char delimiter) throws IOException {
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
            return new RowFile(new LineReader(in), format, delimiter);
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    private static CommandException unreadable() {
        return CommandException.usage("the file can't be read");
    }

    /** The number of the first line that holds a record. */
    long firstLine() {
        return format == Format.CSV ? 2 : 1;
    }

    /** The names of the columns; empty unless it is CSV. */
    List<String> columns() {
        return headings;
    }

    /** The lines that hold records. */
    Stream<LineReader.TextLine> lines() {
        return Stream.iterate(next(), Objects::nonNull, line -> next()).map(Objects::requireNonNull);
    }

    private LineReader.@Nullable TextLine next() {
        try {
            return reader.read();
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    /**
     * The values of a line by their names; what is null or missing is empty.
     *
     * @throws IllegalArgumentException when it can't be read; the message doesn't quote it
     */
    Map<String, String> read(LineReader.TextLine line) {
        String text = line.text();
        if (text.isBlank()) {
            throw new IllegalArgumentException("the line is empty");
        }
        return format == Format.CSV ? readCsv(text) : readJson(text);
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
        LineReader.TextLine first = reader.read();
        if (first == null) {
            throw CommandException.usage("the file is empty; CSV begins with a line of headings");
        }
        try {
            List<String> names =
                    values(first.text()).stream().map(String::strip).toList();
            if (Set.copyOf(names).size() < names.size()) {
                throw CommandException.usage("two columns have the same heading");
            }
            return names;
        } catch (IllegalArgumentException broken) {
            throw CommandException.usage("the first line holds no headings: " + broken.getMessage());
        }
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
            List<CSVRecord> parsed = parser.getRecords();
            if (parsed.size() == 1) {
                return List.of(parsed.get(0).values());
            }
        } catch (IOException | UncheckedIOException broken) {
            throw new IllegalArgumentException("the line is not CSV; is a quote open?");
        }
        throw new IllegalArgumentException("the line holds a carriage return; lines end with LF or CRLF");
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

    private static String scalar(JsonNode element) {
        if (!element.isValueNode() || element.isNull()) {
            throw new IllegalArgumentException("a list of the line holds something else than texts");
        }
        return element.asText();
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(RowFile::scalar)
                        .collect(Collectors.joining(","))
                : value.isObject() ? value.toString() : value.asText();
    }
}
