package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON parser for messages: it refuses a name that is twice in one object, and names that a less exact reader could take
 * for those that count.
 */
final class StrictParser {
    private final JsonParser parser;
    private final SaltedNames names = new SaltedNames();
    /** The objects around the current token by depth, each by its number; 0 is no object. */
    private final int[] objects;

    private int depth;
    private int lastObject;

    /**
     * Reads what this parser reads, from its beginning on.
     *
     * @param maxDepth the most levels that the parser allows
     */
    StrictParser(JsonParser parser, int maxDepth) {
        this.parser = parser;
        this.objects = new int[maxDepth + 1];
    }

    /** Goes to the next token; null at the end. */
    @Nullable
    JsonToken next() throws IOException, InvalidMessageException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.FIELD_NAME) {
            if (!names.add(objects[depth], parser.currentName())) {
                throw InvalidMessageException.notJson();
            }
        } else if (token == JsonToken.START_OBJECT) {
            objects[++depth] = ++lastObject;
        } else if (token == JsonToken.END_OBJECT) {
            depth--;
        }
        return token;
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

    /** None yet, for those of the object that begins here. */
    Arguments arguments() {
        return new Arguments(names, objects[depth]);
    }

    /** The text of the current token, whatever it is. */
    String text() throws IOException {
        return parser.getText();
    }

    /** The current value when it is a string; null for anything else, which is skipped. */
    @Nullable
    String textOrNull() throws IOException, InvalidMessageException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        skip();
        return null;
    }

    /** Goes to the end of the current value. */
    void skip() throws IOException, InvalidMessageException {
        int open = parser.currentToken().isStructStart() ? 1 : 0;
        while (open > 0) {
            // Never null: a parser refuses an end that comes before those of all that was begun.
            JsonToken token = Objects.requireNonNull(next());
            if (token.isStructStart()) {
                open++;
            } else if (token.isStructEnd()) {
                open--;
            }
        }
    }

    /** Skips the value of a member that doesn't count, unless its name is like one that does. */
    void skipUnlessAlike(String name, Set<String> exact) throws IOException, InvalidMessageException {
        for (String counts : exact) {
            if (counts.equalsIgnoreCase(name)) {
                throw InvalidMessageException.invalid("a name differs from \"" + counts + "\" only by case");
            }
        }
        skip();
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
