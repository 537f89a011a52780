package dev.apikeys.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.apikeys.servlet.McpElement.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON-RPC messages from a body, as far as a decision needs them. Strict, because what the server behind reads must
 * be what was decided about: no duplicate names, nothing behind the value, and no names that a less exact reader could
 * take for those that count.
 *
 * <p>Not thread-safe; one object for one body.
 */
final class McpReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME_LENGTH = 512;
    private static final String NOTIFICATION = "notifications/";
    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");
    private static final Set<String> PARAMETERS = Set.of("name", "uri", "ref", "arguments");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // Strangers choose the names, and the parser keeps some thousands of them for reuse: short ones
                    // only.
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser parser;

    private McpReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * What stands in a body.
     *
     * @param isBatch whether it is an array
     */
    record Body(List<McpElement> elements, boolean isBatch) {}

    /**
     * Reads all messages, or none.
     *
     * @param utf8 UTF-8 without errors
     */
    static Body read(byte[] utf8) throws McpProblem {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            return new McpReader(parser).body();
        } catch (IOException notJson) {
            // Not kept and not logged: the message quotes what was sent.
            throw McpProblem.parse("the body is not JSON, or has duplicate names or too many levels");
        }
    }

    private Body body() throws IOException, McpProblem {
        List<McpElement> elements = new ArrayList<>(1);
        JsonToken first = parser.nextToken();
        boolean isBatch = first == JsonToken.START_ARRAY;
        if (isBatch) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(element());
            }
        } else if (first != null) {
            elements.add(element());
        }
        if (parser.nextToken() != null) {
            throw McpProblem.parse("something stands behind the JSON value");
        }
        if (elements.isEmpty()) {
            throw McpProblem.invalid("the body holds no message");
        }
        refuseSameIds(elements);
        return new Body(elements, isBatch);
    }

    /** An answer to one of two requests with one id couldn't be told from the other's. */
    private static void refuseSameIds(List<McpElement> elements) throws McpProblem {
        Set<McpId> ids = new HashSet<>();
        for (McpElement element : elements) {
            if (element.kind() == Kind.REQUEST && !ids.add(element.id())) {
                throw McpProblem.invalid("two requests have the same id");
            }
        }
    }

    private McpElement element() throws IOException, McpProblem {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw McpProblem.invalid("a message is a JSON object");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        boolean version = false;
        boolean answers = false;
        McpId id = null;
        String method = null;
        Parameters parameters = new Parameters();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "jsonrpc" -> version = "2.0".equals(text());
                case "id" -> id = id();
                case "method" -> method = requiredText("method");
                case "params" -> parameters.read();
                case "result", "error" -> {
                    answers = true;
                    parser.skipChildren();
                }
                default -> skipUnlessAlike(member, MEMBERS);
            }
        }
        int end = (int) parser.currentLocation().getByteOffset();
        if (!version) {
            throw McpProblem.invalid("jsonrpc must be \"2.0\"");
        }
        return element(id, method, parameters, answers, start, end);
    }

    private static McpElement element(
            @Nullable McpId id, @Nullable String method, Parameters parameters, boolean answers, int start, int end)
            throws McpProblem {
        if (method == null || answers) {
            if (method != null || !answers) {
                throw McpProblem.invalid("a message is a request, a notification or an answer");
            }
            return new McpElement(Kind.ANSWER, McpId.NONE, new McpMessage("", null, Map.of()), start, end);
        }
        boolean notifies = method.startsWith(NOTIFICATION);
        if (notifies != (id == null)) {
            throw McpProblem.invalid("a request has an id, and a notification has none");
        }
        McpMessage message = new McpMessage(method, parameters.subject(method), parameters.arguments);
        return id == null
                ? new McpElement(Kind.NOTIFICATION, McpId.NONE, message, start, end)
                : new McpElement(Kind.REQUEST, id, message, start, end);
    }

    private McpId id() throws IOException, McpProblem {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new McpId(parser.getText(), true);
            case VALUE_NUMBER_INT -> new McpId(parser.getText(), false);
            default -> throw McpProblem.invalid("an id is a string or a whole number");
        };
    }

    private @Nullable String text() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    private String requiredText(String member) throws IOException, McpProblem {
        String text = text();
        if (text == null) {
            throw McpProblem.invalid(member + " is a string");
        }
        return text;
    }

    private void skipUnlessAlike(String name, Set<String> exact) throws IOException, McpProblem {
        for (String counts : exact) {
            if (counts.equalsIgnoreCase(name)) {
                throw McpProblem.invalid("a name differs from \"" + counts + "\" only by case");
            }
        }
        parser.skipChildren();
    }

    /** What {@code params} says about the subject of a call. */
    private final class Parameters {
        private @Nullable String name;
        private @Nullable String uri;
        private @Nullable String ref;
        private final Map<String, String> arguments = new HashMap<>();

        void read() throws IOException, McpProblem {
            requireObject("params");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String parameter = parser.currentName();
                parser.nextToken();
                switch (parameter) {
                    case "name" -> name = subject("name", text());
                    case "uri" -> uri = subject("uri", text());
                    case "ref" -> readRef();
                    case "arguments" -> readArguments();
                    default -> skipUnlessAlike(parameter, PARAMETERS);
                }
            }
        }

        /** Only what the method itself reads: a tool is never named by an address, nor a resource by a name. */
        @Nullable
        String subject(String method) {
            if (method.startsWith("resources/")) {
                return uri;
            }
            return method.equals("completion/complete") ? ref : name;
        }

        private String subject(String parameter, @Nullable String text) throws McpProblem {
            if (text == null) {
                throw McpProblem.params(parameter + " is a string");
            }
            return text;
        }

        private void requireObject(String what) throws McpProblem {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw McpProblem.params(what + " is an object");
            }
        }

        private void readRef() throws IOException, McpProblem {
            requireObject("ref");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                String text = text();
                if (text != null && (field.equals("name") || field.equals("uri"))) {
                    ref = text;
                }
            }
        }

        private void readArguments() throws IOException, McpProblem {
            requireObject("arguments");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String argument = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                    arguments.put(argument, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }
}
