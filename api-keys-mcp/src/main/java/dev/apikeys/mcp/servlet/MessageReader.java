package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.ParsedMessage.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    /**
     * Most messages of a batch. A rate limit in front of the guard counts requests, so a batch must not hold as many calls as
     * fit into a body.
     */
    static final int MAX_MESSAGES = 100;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME_LENGTH = 512;
    private static final String NOTIFICATION = "notifications/";
    private static final int TEXT_IDS = 0;
    private static final int NUMBER_IDS = 1;
    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // How long a body may be, the host says.
                    .maxStringLength(Integer.MAX_VALUE)
                    // Strangers choose the names, and the parser keeps some thousands of them for reuse: short ones
                    // only.
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Only for the id of a message that can't be read: what it says is never passed on. */
    private static final JsonFactory LENIENT = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final StrictParser parser;

    private MessageReader(StrictParser parser) {
        this.parser = parser;
    }

    /**
     * What stands in a body.
     *
     * @param list the messages, at least one
     * @param isBatch whether it is an array
     */
    record Body(List<ParsedMessage> list, boolean isBatch) {
        /** The id for an error about the whole body; none of a batch. */
        MessageId id() {
            return isBatch ? MessageId.NONE : list.get(0).id();
        }
    }

    /**
     * Reads all messages, or none.
     *
     * @param utf8 UTF-8 without errors
     * @throws InvalidMessageException with the id of the only message, where one can be read
     */
    static Body read(byte[] utf8) throws InvalidMessageException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            return new MessageReader(new StrictParser(parser, MAX_DEPTH)).body();
        } catch (InvalidMessageException invalid) {
            throw invalid.about(idIn(utf8));
        } catch (IOException notJson) {
            // Not kept and not logged: the message quotes what was sent.
            throw InvalidMessageException.notJson().about(idIn(utf8));
        }
    }

    /** The id of a message, as far as it can be read; none where there are two, and none of a batch. */
    private static MessageId idIn(byte[] utf8) {
        MessageId found = null;
        try (JsonParser parser = LENIENT.createParser(utf8)) {
            boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            while (isObject && parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = parser.currentName().equals("id");
                JsonToken value = parser.nextToken();
                if (isId && (found != null || !MessageId.isId(value))) {
                    return MessageId.NONE;
                }
                found = isId ? MessageId.of(value, parser.getText()) : found;
                parser.skipChildren();
            }
        } catch (IOException endsHere) {
            // What was read before counts: it is only for the error.
        }
        return found == null ? MessageId.NONE : found;
    }

    private Body body() throws IOException, InvalidMessageException {
        List<ParsedMessage> messages = new ArrayList<>(1);
        JsonToken first = parser.next();
        boolean isBatch = first == JsonToken.START_ARRAY;
        if (isBatch) {
            while (parser.next() != JsonToken.END_ARRAY) {
                if (messages.size() == MAX_MESSAGES) {
                    throw InvalidMessageException.invalid("a batch has at most " + MAX_MESSAGES + " messages");
                }
                messages.add(message());
            }
            refuseSameIds(messages);
        } else if (first != null) {
            messages.add(message());
        }
        if (parser.next() != null) {
            throw InvalidMessageException.parse("something stands behind the JSON value");
        }
        if (messages.isEmpty()) {
            throw InvalidMessageException.invalid("the body holds no message");
        }
        return new Body(messages, isBatch);
    }

    /** An answer to one of two requests with one id couldn't be told from the other's. */
    private static void refuseSameIds(List<ParsedMessage> messages) throws InvalidMessageException {
        SaltedNames ids = new SaltedNames();
        for (ParsedMessage message : messages) {
            MessageId id = message.id();
            if (message.isRequest() && !ids.add(id.isText() ? TEXT_IDS : NUMBER_IDS, id.text())) {
                throw InvalidMessageException.invalid("two requests have the same id");
            }
        }
    }

    private ParsedMessage message() throws IOException, InvalidMessageException {
        if (parser.current() != JsonToken.START_OBJECT) {
            throw InvalidMessageException.invalid("a message is a JSON object");
        }
        int start = parser.tokenStart();
        Members members = new Members();
        while (parser.next() != JsonToken.END_OBJECT) {
            members.read(parser.name());
        }
        return members.message(start, parser.tokenEnd());
    }

    /** The members of one message. */
    private final class Members {
        private final Parameters parameters = new Parameters(parser);
        private boolean isVersion2;
        private boolean answers;
        private @Nullable MessageId id;
        private @Nullable String method;

        void read(String member) throws IOException, InvalidMessageException {
            parser.next();
            switch (member) {
                case "jsonrpc" -> isVersion2 = "2.0".equals(parser.textOrNull());
                case "id" -> id = id();
                case "method" -> method = method();
                case "params" -> parameters.read();
                case "result", "error" -> {
                    answers = true;
                    parser.skip();
                }
                default -> parser.skipUnlessAlike(member, MEMBERS);
            }
        }

        private MessageId id() throws IOException, InvalidMessageException {
            JsonToken token = parser.current();
            if (!MessageId.isId(token)) {
                throw InvalidMessageException.invalid("an id is a string or a whole number");
            }
            return MessageId.of(token, parser.text());
        }

        private String method() throws IOException, InvalidMessageException {
            String text = parser.textOrNull();
            if (text == null) {
                throw InvalidMessageException.invalid("method is a string");
            }
            return text;
        }

        ParsedMessage message(int start, int end) throws InvalidMessageException {
            if (!isVersion2) {
                throw InvalidMessageException.invalid("jsonrpc must be \"2.0\"");
            }
            String called = method;
            if (called == null || answers) {
                if (called != null || !answers) {
                    throw InvalidMessageException.invalid("a message is a request, a notification or an answer");
                }
                return new ParsedMessage(Kind.ANSWER, MessageId.NONE, AgentCall.of(""), start, end);
            }
            MessageId sent = id;
            if (called.startsWith(NOTIFICATION) != (sent == null)) {
                throw InvalidMessageException.invalid("a request has an id, and a notification has none");
            }
            AgentCall call = parameters.call(called);
            return sent == null
                    ? new ParsedMessage(Kind.NOTIFICATION, MessageId.NONE, call, start, end)
                    : new ParsedMessage(Kind.REQUEST, sent, call, start, end);
        }
    }
}
