package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * The id of a JSON-RPC request: text, or a whole number as it was written.
 *
 * @param isText whether it was sent as a string
 */
record MessageId(String text, boolean isText) {
    /** {@code null}: for answers to what has no readable id. */
    static final MessageId NONE = new MessageId("null", false);

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Tells whether the value can be an id. */
    static boolean isId(JsonToken value) {
        return value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
    }

    /** The id that was sent as this value. */
    static MessageId of(JsonToken value, String text) {
        return new MessageId(text, value == JsonToken.VALUE_STRING);
    }

    /** The id as JSON, in ASCII. */
    String toJson() {
        if (!isText) {
            return text;
        }
        // In ASCII also what is no text in UTF-8, such as half a surrogate pair.
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeString(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }
}
