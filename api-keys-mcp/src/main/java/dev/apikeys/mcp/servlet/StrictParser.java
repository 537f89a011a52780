package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON parser for messages: it refuses names that a less exact reader could take for those that count. */
final class StrictParser {
    private final JsonParser parser;

    StrictParser(JsonParser parser) {
        this.parser = parser;
    }

    /** Goes to the next token; null at the end. */
    @Nullable
    JsonToken next() throws IOException {
        return parser.nextToken();
    }

    JsonToken current() {
        return parser.currentToken();
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    /** The name of the member where the parser stands. */
    String name() throws IOException {
        return parser.currentName();
    }

    /** The text of the current token, whatever it is. */
    String text() throws IOException {
        return parser.getText();
    }

    /** The current value when it is a string; null for anything else, which is skipped. */
    @Nullable
    String textOrNull() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    /** Skips the value of a member that doesn't count, unless its name is like one that does. */
    void skipUnlessAlike(String name, Set<String> exact) throws IOException, InvalidMessageException {
        for (String counts : exact) {
            if (counts.equalsIgnoreCase(name)) {
                throw InvalidMessageException.invalid("a name differs from \"" + counts + "\" only by case");
            }
        }
        parser.skipChildren();
    }

    /** The first byte of the current token. */
    int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** The byte behind the current token. */
    int tokenEnd() {
        return (int) parser.currentLocation().getByteOffset();
    }
}
