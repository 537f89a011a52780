package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonToken;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall.Subject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What {@code completion/complete} is about: its {@code type} says which of the other fields counts.
 *
 * @param fields those that are text
 */
record Reference(Map<String, String> fields) {
    private static final Set<String> FIELDS = Set.of("type", "name", "uri");

    /** Reads the object where the parser stands. */
    static Reference read(StrictParser parser) throws IOException, InvalidMessageException {
        Map<String, String> fields = new HashMap<>();
        while (parser.next() != JsonToken.END_OBJECT) {
            String field = parser.name();
            parser.next();
            if (!FIELDS.contains(field)) {
                parser.skipUnlessAlike(field, FIELDS);
            } else if (!parser.isNull()) {
                fields.put(field, text(parser, field));
            }
        }
        return new Reference(fields);
    }

    private static String text(StrictParser parser, String field) throws IOException, InvalidMessageException {
        String text = parser.textOrNull();
        if (text == null) {
            throw InvalidMessageException.params("ref." + field + " is a string");
        }
        return text;
    }

    AgentCall call(String method) throws InvalidMessageException {
        return switch (fields.getOrDefault("type", "")) {
            case "ref/prompt" -> call(method, Subject.PROMPT, "name", "uri");
            case "ref/resource" -> call(method, Subject.RESOURCE, "uri", "name");
            default -> throw InvalidMessageException.params("ref.type is ref/prompt or ref/resource");
        };
    }

    private AgentCall call(String method, Subject subject, String counts, String other) throws InvalidMessageException {
        if (!fields.containsKey(counts) || fields.containsKey(other)) {
            throw InvalidMessageException.params(fields.get("type") + " has " + counts + ", and no " + other);
        }
        return new AgentCall(method, subject, fields.get(counts), Map.of());
    }
}
