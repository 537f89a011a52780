package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.apikeys.mcp.McpDenial;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** JSON-RPC 2.0 errors, in ASCII. */
final class JsonRpcErrors {
    static final int METHOD_NOT_FOUND = -32601;
    static final int INTERNAL = -32603;
    /** The first of the codes that JSON-RPC leaves to implementations. */
    static final int REFUSED = -32000;

    // In ASCII also what is no text in UTF-8, such as half a surrogate pair in an id.
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonRpcErrors() {}

    static String denied(MessageId id, McpDenial reason) {
        int code = reason == McpDenial.UNKNOWN_METHOD ? METHOD_NOT_FOUND : REFUSED;
        return json(id, code, message(reason), reason(reason));
    }

    static String json(MessageId id, int code, String message) {
        return json(id, code, message, "");
    }

    private static String json(MessageId id, int code, String message, String reason) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeFieldName("id");
            if (id.isText()) {
                json.writeString(id.text());
            } else {
                json.writeRawValue(id.text());
            }
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", code);
            json.writeStringField("message", message);
            if (!reason.isEmpty()) {
                json.writeObjectFieldStart("data");
                json.writeStringField("reason", reason);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    /** A batch of answers. */
    static String batch(List<String> answers) {
        return "[" + String.join(",", answers) + "]";
    }

    /** The reason as a code. */
    static String reason(McpDenial reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static String message(McpDenial reason) {
        return switch (reason) {
            case INACTIVE -> "MCP access of this API key is paused";
            case PRESET_NONE -> "this API key is not open to agents";
            case UNKNOWN_METHOD -> "the method is unknown";
            case PERMISSION_MISSING -> "the API key lacks the permission for this method";
            case NAME_MISSING -> "a tool's name is missing";
            case TOOL_NOT_LISTED -> "the API key may not call this tool";
            case READ_ONLY -> "the API key may only read, and this call isn't known to";
            case PROJECT_NOT_ALLOWED -> "the API key may not reach this project";
            case INSTANCE_NOT_ALLOWED -> "the API key may not reach this instance";
        };
    }
}
