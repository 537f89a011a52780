package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * The id of a JSON-RPC request: text, or a whole number as it was written.
 *
 * @param isText whether it was sent as a string
 */
record MessageId(String text, boolean isText) {
    /** {@code null}: for answers to what has no readable id. */
    static final MessageId NONE = new MessageId("null", false);

    /** Writes the id as it was sent. */
    void writeTo(JsonGenerator json) throws IOException {
        if (isText) {
            json.writeString(text);
        } else {
            json.writeRawValue(text);
        }
    }
}
