package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonToken;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code params} says about the subject of a call.
 *
 * <p>Not thread-safe; one object for one message.
 */
final class Parameters {
    private static final Set<String> NAMES = Set.of("name", "uri", "ref", "arguments");

    private final StrictParser parser;
    private final Map<String, String> arguments = new HashMap<>();
    private @Nullable String name;
    private @Nullable String uri;
    private @Nullable String ref;

    Parameters(StrictParser parser) {
        this.parser = parser;
    }

    /** Reads the value where the parser stands. */
    void read() throws IOException, InvalidMessageException {
        requireObject("params");
        while (parser.next() != JsonToken.END_OBJECT) {
            String parameter = parser.name();
            parser.next();
            switch (parameter) {
                case "name" -> name = text("name");
                case "uri" -> uri = text("uri");
                case "ref" -> readReference();
                case "arguments" -> readArguments();
                default -> parser.skipUnlessAlike(parameter, NAMES);
            }
        }
    }

    AgentCall call(String method) {
        return new AgentCall(method, subject(method), arguments);
    }

    /** Only what the method itself reads: a tool is never named by an address, nor a resource by a name. */
    private @Nullable String subject(String method) {
        if (method.startsWith("resources/")) {
            return uri;
        }
        return method.equals("completion/complete") ? ref : name;
    }

    private String text(String parameter) throws IOException, InvalidMessageException {
        String text = parser.textOrNull();
        if (text == null) {
            throw InvalidMessageException.params(parameter + " is a string");
        }
        return text;
    }

    private void requireObject(String what) throws InvalidMessageException {
        if (parser.current() != JsonToken.START_OBJECT) {
            throw InvalidMessageException.params(what + " is an object");
        }
    }

    private void readReference() throws IOException, InvalidMessageException {
        requireObject("ref");
        while (parser.next() != JsonToken.END_OBJECT) {
            String field = parser.name();
            parser.next();
            String text = parser.textOrNull();
            if (text != null && (field.equals("name") || field.equals("uri"))) {
                ref = text;
            }
        }
    }

    private void readArguments() throws IOException, InvalidMessageException {
        requireObject("arguments");
        while (parser.next() != JsonToken.END_OBJECT) {
            String argument = parser.name();
            JsonToken value = parser.next();
            if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                arguments.put(argument, parser.text());
            } else {
                parser.skip();
            }
        }
    }
}
