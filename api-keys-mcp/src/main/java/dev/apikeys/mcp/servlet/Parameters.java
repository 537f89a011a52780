package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonToken;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall.Subject;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code params} says about the subject of a call. A parameter that decides for one method and that another method
 * doesn't have is refused there: a server may read it differently. {@code null} counts as absent.
 *
 * <p>Not thread-safe; one object for one message.
 */
final class Parameters {
    /** Every parameter that decides for some method. */
    private static final Set<String> DECIDING = new HashSet<>();

    static {
        for (McpMethod.Subject subject : EnumSet.allOf(McpMethod.Subject.class)) {
            DECIDING.addAll(subject.parameters());
        }
    }

    private final StrictParser parser;
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> malformed = new HashSet<>();
    private @Nullable Arguments arguments;
    private @Nullable Reference reference;

    Parameters(StrictParser parser) {
        this.parser = parser;
    }

    /** Reads the value where the parser stands. */
    void read() throws IOException, InvalidMessageException {
        if (parser.isNull()) {
            return;
        }
        if (!parser.isObject()) {
            throw InvalidMessageException.params("params is an object");
        }
        while (parser.next() != JsonToken.END_OBJECT) {
            String parameter = parser.name();
            parser.next();
            if (!DECIDING.contains(parameter)) {
                parser.skipUnlessAlike(parameter, DECIDING);
            } else if (!parser.isNull()) {
                readDeciding(parameter);
            }
        }
    }

    private void readDeciding(String parameter) throws IOException, InvalidMessageException {
        switch (parameter) {
            case "ref" -> readReference();
            case "arguments" -> readArguments();
            default -> readText(parameter);
        }
    }

    /**
     * The call, by what its method has.
     *
     * @throws InvalidMessageException when there is a parameter that the method doesn't have, or one of another type
     */
    AgentCall call(String method) throws InvalidMessageException {
        McpMethod known = McpMethod.of(method).orElse(McpMethod.NOTIFICATION);
        if (known == McpMethod.NOTIFICATION) {
            // Nothing about it is decided by a parameter: it is a notification, or unknown and so denied.
            return AgentCall.of(method);
        }
        requireOnly(known);
        return switch (known.subject()) {
            case NOTHING -> AgentCall.of(method);
            case ARGUMENTS_OF_NAME ->
                new AgentCall(
                        method,
                        known == McpMethod.TOOLS_CALL ? Subject.TOOL : Subject.PROMPT,
                        texts.get("name"),
                        arguments == null ? Map.of() : arguments);
            case URI -> new AgentCall(method, Subject.RESOURCE, texts.get("uri"), Map.of());
            case TASK -> new AgentCall(method, Subject.TASK, texts.get("taskId"), Map.of());
            case REFERENCE -> reference == null ? AgentCall.of(method) : reference.call(method);
        };
    }

    private void requireOnly(McpMethod method) throws InvalidMessageException {
        Set<String> own = method.subject().parameters();
        for (String parameter : DECIDING) {
            if (!own.contains(parameter) && isPresent(parameter)) {
                throw InvalidMessageException.params(method + " has no " + parameter);
            }
            if (malformed.contains(parameter)) {
                String type =
                        parameter.equals("ref") || parameter.equals("arguments") ? " is an object" : " is a string";
                throw InvalidMessageException.params(parameter + type);
            }
        }
    }

    private boolean isPresent(String parameter) {
        return texts.containsKey(parameter)
                || malformed.contains(parameter)
                || (parameter.equals("ref") && reference != null)
                || (parameter.equals("arguments") && arguments != null);
    }

    private void readText(String parameter) throws IOException, InvalidMessageException {
        String text = parser.textOrNull();
        if (text == null) {
            malformed.add(parameter);
        } else {
            texts.put(parameter, text);
        }
    }

    private void readReference() throws IOException, InvalidMessageException {
        if (parser.isObject()) {
            reference = Reference.read(parser);
        } else {
            malformed.add("ref");
            parser.skip();
        }
    }

    private void readArguments() throws IOException, InvalidMessageException {
        if (!parser.isObject()) {
            malformed.add("arguments");
            parser.skip();
            return;
        }
        Arguments read = parser.arguments();
        arguments = read;
        while (parser.next() != JsonToken.END_OBJECT) {
            JsonToken value = parser.next();
            if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                read.add(parser.text());
            } else {
                parser.skip();
            }
        }
    }
}
