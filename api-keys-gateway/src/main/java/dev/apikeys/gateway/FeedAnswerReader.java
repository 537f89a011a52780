package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.FeedPosition;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of a relay. What version 1 doesn't know is skipped; what it demands must be there, once, and of its type.
 *
 * <p>Used for one answer.
 */
final class FeedAnswerReader {
    private static final int MAX_DEPTH = 8;
    private static final long LONGEST_MILLIS = Duration.ofHours(1).toMillis();
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser json;
    private final Fields fields = new Fields();
    private @Nullable FeedPosition position;
    private @Nullable List<Change> changes;

    private FeedAnswerReader(JsonParser json) {
        this.json = json;
    }

    /** The texts and whole numbers of an object; what is neither is skipped. */
    private record Fields(Map<String, String> texts, Map<String, Long> numbers) {
        Fields() {
            this(new HashMap<>(), new HashMap<>());
        }

        void take(String name, JsonParser json) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
            } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                numbers.put(name, json.getLongValue());
            } else {
                json.skipChildren();
            }
        }

        String text(String name) throws IOException {
            return there(texts.get(name));
        }

        long number(String name) throws IOException {
            return there(numbers.get(name));
        }
    }

    /**
     * Reads an answer.
     *
     * @throws IOException when it is not what version 1 says; the message and the causes show nothing of it
     */
    static FeedAnswer read(byte[] utf8) throws IOException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            FeedAnswerReader reader = new FeedAnswerReader(parser);
            reader.readAll();
            return reader.answer();
        } catch (IOException | IllegalArgumentException | DateTimeException notAnAnswer) {
            // Not kept as a cause: its message quotes the answer.
            throw new IOException("the answer of the relay is not what version " + FeedJson.VERSION + " says");
        }
    }

    private void readAll() throws IOException {
        expect(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals(FeedJson.POSITION)) {
                position = readPosition();
            } else if (name.equals(FeedJson.CHANGES)) {
                changes = readChanges();
            } else {
                fields.take(name, json);
            }
        }
        expect(json.nextToken() == null);
    }

    private FeedAnswer answer() throws IOException {
        expect(fields.number(FeedJson.VERSION_NAME) == FeedJson.VERSION);
        String continuity = fields.text(FeedJson.CONTINUITY);
        expect(continuity.equals(continuity.toLowerCase(Locale.ROOT)));
        Long storeTime = fields.numbers().get(FeedJson.STORE_TIME);
        return new FeedAnswer(
                fields.text(FeedJson.QUESTION),
                duration(FeedJson.LAG),
                new ChangeBatch(
                        there(position),
                        Continuity.valueOf(continuity.toUpperCase(Locale.ROOT)),
                        there(changes),
                        storeTime == null ? null : Instant.ofEpochMilli(storeTime),
                        duration(FeedJson.AGE)));
    }

    private Duration duration(String name) throws IOException {
        long millis = fields.number(name);
        expect(millis >= 0 && millis <= LONGEST_MILLIS);
        return Duration.ofMillis(millis);
    }

    private FeedPosition readPosition() throws IOException {
        Fields parts = new Fields();
        expect(json.currentToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            parts.take(name, json);
        }
        return new FeedPosition(
                parts.text(FeedJson.INCARNATION),
                parts.number(FeedJson.EPOCH),
                parts.number(FeedJson.STAMP),
                parts.text(FeedJson.WITNESS));
    }

    private List<Change> readChanges() throws IOException {
        expect(json.currentToken() == JsonToken.START_ARRAY);
        List<Change> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken() == JsonToken.START_OBJECT);
            Map<String, String> parts = new HashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                expect(json.nextToken() == JsonToken.VALUE_STRING);
                parts.put(name, json.getText());
            }
            all.add(change(parts));
        }
        return all;
    }

    /** A change of a kind that isn't known could be anything, so it is not skipped. */
    private static Change change(Map<String, String> parts) throws IOException {
        String key = parts.remove(FeedJson.KEY);
        if (key != null) {
            expect(parts.isEmpty());
            return new Change.OfCredential(key);
        }
        Owner selector = new Owner(
                parts.remove(FeedJson.USER), parts.remove(FeedJson.ORGANIZATION), parts.remove(FeedJson.WORKSPACE));
        expect(parts.isEmpty());
        return new Change.OfOwners(selector);
    }

    private static <T> T there(@Nullable T value) throws IOException {
        if (value == null) {
            throw new IOException("something is missing");
        }
        return value;
    }

    private static void expect(boolean isSo) throws IOException {
        if (!isSo) {
            throw new IOException("not an answer");
        }
    }
}
