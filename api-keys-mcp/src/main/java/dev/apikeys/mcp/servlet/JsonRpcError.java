package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpDenial;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An error of JSON-RPC 2.0 (section 5.1).
 *
 * @param id of the request that it answers
 * @param data more about it, in order: texts and lists of texts; none where empty
 */
record JsonRpcError(MessageId id, int code, String message, Map<String, Object> data) {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;
    /** The first of the codes that JSON-RPC leaves to implementations. */
    static final int REFUSED = -32000;
    /** What the official SDKs send for a session that they don't know. */
    static final int SESSION_NOT_FOUND = -32001;
    /** Of revision 2026-07-28: headers that differ from the body. */
    static final int HEADER_MISMATCH = -32020;
    /** Of revision 2026-07-28: a revision that isn't supported. */
    static final int UNSUPPORTED_REVISION = -32022;

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    static JsonRpcError of(MessageId id, int code, String message) {
        return new JsonRpcError(id, code, message, Map.of());
    }

    /** For a call that the policy denies. */
    static JsonRpcError denied(MessageId id, McpDecision.Denied denied) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("reason", code(denied.reason()));
        if (denied.missing() != null) {
            data.put("permission", denied.missing());
        }
        int code = denied.reason() == McpDenial.UNKNOWN_METHOD ? METHOD_NOT_FOUND : REFUSED;
        return new JsonRpcError(id, code, message(denied), data);
    }

    /** The same error about a request with this id. */
    JsonRpcError about(MessageId other) {
        return new JsonRpcError(other, code, message, data);
    }

    /** A batch of answers. */
    static String batch(List<String> answers) {
        return "[" + String.join(",", answers) + "]";
    }

    /** The reason as a word for programs. */
    static String code(McpDenial reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** The error as a message, in ASCII. */
    String toJson() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeFieldName("id");
            json.writeRawValue(id.toJson());
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", code);
            json.writeStringField("message", message);
            if (!data.isEmpty()) {
                json.writeObjectFieldStart("data");
                for (Map.Entry<String, Object> entry : data.entrySet()) {
                    write(json, entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, String name, Object value) throws IOException {
        if (value instanceof List<?> texts) {
            json.writeArrayFieldStart(name);
            for (Object text : texts) {
                json.writeString(String.valueOf(text));
            }
            json.writeEndArray();
        } else {
            json.writeStringField(name, String.valueOf(value));
        }
    }

    private static String message(McpDecision.Denied denied) {
        return switch (denied.reason()) {
            case INACTIVE -> "MCP access of this API key is paused";
            case PRESET_NONE -> "this API key is not open to agents";
            case UNKNOWN_METHOD -> "the method is unknown";
            case PERMISSION_MISSING -> "the API key lacks the permission " + denied.missing();
            case NAME_MISSING -> "a tool's name is missing";
            case TOOL_NOT_LISTED -> "the API key may not call this tool";
            case READ_ONLY -> "the API key may only read, and this call isn't known to";
            case PROJECT_NOT_ALLOWED -> "the API key may not reach this project";
            case INSTANCE_NOT_ALLOWED -> "the API key may not reach this instance";
        };
    }
}
