package dev.apikeys.management;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON. Reading is strict: RFC 8259, valid UTF-8, no duplicate names, nothing after the value, at most
 * {@value #MAX_DEPTH} levels. Fields that are not wanted are checked but not built, so that a body of many small values
 * needs little memory.
 */
final class Json {
    /** Deepest nesting of arrays and objects. */
    static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Clients choose the names, so no name is kept in a table of this process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectWriter WRITER = MAPPER.writer();
    private static final Other CONTAINER = new Other("");

    private Json() {}

    /**
     * A value that no field has: a number with a fraction or an exponent, an object, an array in an array.
     *
     * @param text a number as it was sent; otherwise empty
     */
    record Other(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Reads an object. Values are strings, booleans, Integer, Long or {@link java.math.BigInteger}, lists of these, and
     * {@link Other}; null is left out.
     *
     * @param wanted the names of the values to keep; the others are only checked
     */
    static Result<Map<String, Object>> object(byte[] utf8, Set<String> wanted) {
        Map<String, Object> fields = new HashMap<>();
        // Decodes here, because Jackson's own decoder accepts overlong forms and encoded surrogates.
        try (JsonParser parser = FACTORY.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(utf8))
                .toString())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Result.failed(ManagementProblem.Plain.MALFORMED);
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                Object value = wanted.contains(name) ? value(parser) : skipped(parser);
                if (value != null) {
                    fields.put(name, value);
                }
            }
            return parser.nextToken() == null ? Result.done(fields) : Result.failed(ManagementProblem.Plain.MALFORMED);
        } catch (IOException notJson) {
            // The exception is not kept and not logged: its message quotes the input, which may be a password.
            return Result.failed(ManagementProblem.Plain.MALFORMED);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return element(parser);
        }
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object element = element(parser);
            list.add(element == null ? CONTAINER : element);
        }
        return list;
    }

    private static @Nullable Object element(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> new Other(parser.getText());
            default -> {
                parser.skipChildren();
                yield CONTAINER;
            }
        };
    }

    private static @Nullable Object skipped(JsonParser parser) throws IOException {
        parser.skipChildren();
        return null;
    }

    /** An object that keeps the order of its fields. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An object with these fields: texts, numbers, booleans, maps of the same, or null. */
    static ObjectNode fields(Map<String, ? extends @Nullable Object> fields) {
        return MAPPER.valueToTree(fields);
    }

    /** An array of the converted items. */
    static <T> ArrayNode array(Collection<T> items, Function<? super T, ObjectNode> each) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }

    /** A text, a boolean or a list of texts as JSON. */
    static JsonNode value(Object value) {
        if (value instanceof Collection<?> items) {
            return texts(items);
        }
        return value instanceof Boolean flag
                ? JsonNodeFactory.instance.booleanNode(flag)
                : JsonNodeFactory.instance.textNode(value.toString());
    }

    /** An array of these as text. */
    static ArrayNode texts(Collection<?> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(item -> array.add(item.toString()));
        return array;
    }

    /** The JSON as UTF-8. */
    static byte[] bytes(JsonNode json) {
        try {
            return WRITER.writeValueAsBytes(json);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("an answer could not be written as JSON", failure);
        }
    }

    /** A time in RFC 3339: UTC, {@code Z}, milliseconds only if they are not zero. Null stays null. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
