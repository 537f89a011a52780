package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a reader that waits is told.
 *
 * @param changed whether it misses something
 * @param spread ask at a random moment within this time, since everybody else is told at once too
 */
record FeedHint(boolean changed, Duration spread) {
    /** The time was over. */
    static final FeedHint NONE = new FeedHint(false, Duration.ZERO);

    /** For a reader that misses something already. */
    static final FeedHint NOW = new FeedHint(true, Duration.ZERO);

    private static final String CHANGED = "changed";
    private static final String SPREAD = "spread_ms";
    private static final long NANOS_OF_A_QUESTION = 200_000;
    private static final Duration LONGEST = Duration.ofMillis(200);
    private static final JsonFactory FACTORY = new JsonFactory();

    /** For so many readers: about as long as a relay needs for their questions. */
    static FeedHint forAll(int readers) {
        Duration spread = Duration.ofNanos(readers * NANOS_OF_A_QUESTION);
        return new FeedHint(true, spread.compareTo(LONGEST) < 0 ? spread : LONGEST);
    }

    byte[] toJson() {
        String json = "{\"" + FeedJson.VERSION_NAME + "\":" + FeedJson.VERSION + ",\"" + CHANGED + "\":" + changed
                + ",\"" + SPREAD + "\":" + spread.toMillis() + "}";
        return json.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer. Whatever is no hint is {@link #NONE}, since nothing depends on it. */
    static FeedHint read(byte[] utf8) {
        boolean changed = false;
        long spread = 0;
        try (JsonParser json = FACTORY.createParser(utf8)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return NONE;
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals(CHANGED)) {
                    changed = value == JsonToken.VALUE_TRUE;
                } else if (name.equals(SPREAD) && value == JsonToken.VALUE_NUMBER_INT) {
                    spread = json.getLongValue();
                }
                json.skipChildren();
            }
        } catch (IOException notJson) {
            return NONE;
        }
        long within = Math.max(0, Math.min(spread, LONGEST.toMillis()));
        return changed ? new FeedHint(true, Duration.ofMillis(within)) : NONE;
    }
}
