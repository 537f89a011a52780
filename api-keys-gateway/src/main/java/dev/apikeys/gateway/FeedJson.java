package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change;
import dev.apikeys.spi.FeedPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The names of the wire between a relay and its readers, version 1, and how answers are written. Ages are whole milliseconds,
 * rounded up. No clock of the relay is on the wire; {@code store_time_ms} is the store's own.
 *
 * <pre>{@code
 * {"version": 1, "question": "5f0c…", "age_ms": 37, "lag_ms": 320, "continuity": "continuous",
 *  "position": {"incarnation": "…", "epoch": 12, "stamp": -7, "witness": "…"}, "store_time_ms": 1795880481000,
 *  "changes": [{"key": "3ef5…"}, {"user": "alice", "organization": "org_1"}]}
 * }</pre>
 */
final class FeedJson {
    static final int VERSION = 1;
    static final String VERSION_NAME = "version";
    static final String QUESTION = "question";
    static final String AGE = "age_ms";
    static final String LAG = "lag_ms";
    static final String CONTINUITY = "continuity";
    static final String POSITION = "position";
    static final String INCARNATION = "incarnation";
    static final String EPOCH = "epoch";
    static final String STAMP = "stamp";
    static final String WITNESS = "witness";
    static final String STORE_TIME = "store_time_ms";
    static final String CHANGES = "changes";
    static final String KEY = "key";
    static final String USER = "user";
    static final String ORGANIZATION = "organization";
    static final String WORKSPACE = "workspace";

    /** How long a question for a hint may wait. */
    static final String WAIT = "wait_ms";

    /** The paths below the address of a relay. */
    static final String CHANGES_PATH = "/changes";

    static final String WAIT_PATH = "/wait";

    private static final int USUAL_LENGTH = 512;
    private static final JsonFactory FACTORY = new JsonFactory();

    private FeedJson() {}

    static byte[] write(FeedAnswer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_LENGTH);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            ChangeBatch batch = answer.batch();
            json.writeStartObject();
            json.writeNumberField(VERSION_NAME, VERSION);
            json.writeStringField(QUESTION, answer.question());
            json.writeNumberField(AGE, millisUp(batch.age()));
            json.writeNumberField(LAG, millisUp(answer.lag()));
            json.writeStringField(CONTINUITY, batch.continuity().name().toLowerCase(Locale.ROOT));
            json.writeFieldName(POSITION);
            write(json, batch.position());
            Instant storeTime = batch.storeTime();
            if (storeTime != null) {
                json.writeNumberField(STORE_TIME, storeTime.toEpochMilli());
            }
            json.writeArrayFieldStart(CHANGES);
            for (Change change : batch.changes()) {
                write(json, change);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, FeedPosition position) throws IOException {
        json.writeStartObject();
        json.writeStringField(INCARNATION, position.incarnation());
        json.writeNumberField(EPOCH, position.epoch());
        json.writeNumberField(STAMP, position.stamp());
        json.writeStringField(WITNESS, position.witness());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Change change) throws IOException {
        json.writeStartObject();
        if (change instanceof Change.OfCredential credential) {
            json.writeStringField(KEY, credential.publicId());
        } else if (change instanceof Change.OfOwners some) {
            Owner selector = some.selector();
            write(json, USER, selector.user());
            write(json, ORGANIZATION, selector.organization());
            write(json, WORKSPACE, selector.workspace());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static long millisUp(Duration duration) {
        return duration.plusNanos(999_999).toMillis();
    }
}
