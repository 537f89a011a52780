package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.apikeys.mcp.servlet.Element.Kind;
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
final class MessageReader {
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

    private MessageReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * What stands in a body.
     *
     * @param isBatch whether it is an array
     */
    record Body(List<Element> elements, boolean isBatch) {}

    /**
     * Reads all messages, or none.
     *
     * @param utf8 UTF-8 without errors
     */
    static Body read(byte[] utf8) throws ProblemException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            return new MessageReader(parser).body();
        } catch (IOException notJson) {
            // Not kept and not logged: the message quotes what was sent.
            throw ProblemException.parse("the body is not JSON, or has duplicate names or too many levels");
        }
    }

    private Body body() throws IOException, ProblemException {
        List<Element> elements = new ArrayList<>(1);
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
            throw ProblemException.parse("something stands behind the JSON value");
        }
        if (elements.isEmpty()) {
            throw ProblemException.invalid("the body holds no message");
        }
        refuseSameIds(elements);
        return new Body(elements, isBatch);
    }

    /** An answer to one of two requests with one id couldn't be told from the other's. */
    private static void refuseSameIds(List<Element> elements) throws ProblemException {
        Set<MessageId> ids = new HashSet<>();
        for (Element element : elements) {
            if (element.kind() == Kind.REQUEST && !ids.add(element.id())) {
                throw ProblemException.invalid("two requests have the same id");
            }
        }
    }

    private Element element() throws IOException, ProblemException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw ProblemException.invalid("a message is a JSON object");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        boolean version = false;
        boolean answers = false;
        MessageId id = null;
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
            throw ProblemException.invalid("jsonrpc must be \"2.0\"");
        }
        return element(id, method, parameters, answers, start, end);
    }

    private static Element element(
            @Nullable MessageId id, @Nullable String method, Parameters parameters, boolean answers, int start, int end)
            throws ProblemException {
        if (method == null || answers) {
            if (method != null || !answers) {
                throw ProblemException.invalid("a message is a request, a notification or an answer");
            }
            return new Element(Kind.ANSWER, MessageId.NONE, new Message("", null, Map.of()), start, end);
        }
        boolean notifies = method.startsWith(NOTIFICATION);
        if (notifies != (id == null)) {
            throw ProblemException.invalid("a request has an id, and a notification has none");
        }
        Message message = new Message(method, parameters.subject(method), parameters.arguments);
        return id == null
                ? new Element(Kind.NOTIFICATION, MessageId.NONE, message, start, end)
                : new Element(Kind.REQUEST, id, message, start, end);
    }

    private MessageId id() throws IOException, ProblemException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new MessageId(parser.getText(), true);
            case VALUE_NUMBER_INT -> new MessageId(parser.getText(), false);
            default -> throw ProblemException.invalid("an id is a string or a whole number");
        };
    }

    private @Nullable String text() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    private String requiredText(String member) throws IOException, ProblemException {
        String text = text();
        if (text == null) {
            throw ProblemException.invalid(member + " is a string");
        }
        return text;
    }

    private void skipUnlessAlike(String name, Set<String> exact) throws IOException, ProblemException {
        for (String counts : exact) {
            if (counts.equalsIgnoreCase(name)) {
                throw ProblemException.invalid("a name differs from \"" + counts + "\" only by case");
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

        void read() throws IOException, ProblemException {
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

        private String subject(String parameter, @Nullable String text) throws ProblemException {
            if (text == null) {
                throw ProblemException.params(parameter + " is a string");
            }
            return text;
        }

        private void requireObject(String what) throws ProblemException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw ProblemException.params(what + " is an object");
            }
        }

        private void readRef() throws IOException, ProblemException {
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

        private void readArguments() throws IOException, ProblemException {
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
