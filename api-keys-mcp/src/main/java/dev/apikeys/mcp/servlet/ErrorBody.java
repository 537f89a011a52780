package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Tells errors of JSON-RPC from the pages and stack traces that frameworks write. */
final class ErrorBody {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private ErrorBody() {}

    /** Tells whether the first bytes are an error of JSON-RPC 2.0, or a batch of answers with one. */
    static boolean isJsonRpc(byte[] json, int length) {
        try {
            JsonNode body = READER.readTree(json, 0, length);
            if (!body.isArray()) {
                return isError(body);
            }
            boolean hasError = false;
            for (JsonNode message : body) {
                if (!isError(message) && !isResult(message)) {
                    return false;
                }
                hasError |= isError(message);
            }
            return hasError;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static boolean isError(JsonNode message) {
        JsonNode error = message.path("error");
        return isMessage(message)
                && error.path("code").isIntegralNumber()
                && error.path("message").isTextual();
    }

    private static boolean isResult(JsonNode message) {
        return isMessage(message) && message.path("result").isObject();
    }

    private static boolean isMessage(JsonNode message) {
        return message.isObject() && message.path("jsonrpc").asText().equals("2.0");
    }
}
