package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"tokens": ["…", "…"]}}. */
final class TokenList {
    /** Most tokens of one call. */
    static final int MAX_TOKENS = 100;

    private static final int MAX_DEPTH = 32;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Clients choose the names, so no name is kept in a table of this process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private TokenList() {}

    /** The tokens; null if it is anything else, has none, or has too many. */
    static @Nullable List<String> read(byte[] utf8) {
        // Decodes here, because Jackson's own decoder accepts overlong forms and encoded surrogates.
        try (JsonParser parser = FACTORY.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(utf8))
                .toString())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            List<String> tokens = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean wanted = parser.currentName().equals("tokens");
                parser.nextToken();
                if (wanted) {
                    tokens = texts(parser);
                } else {
                    parser.skipChildren();
                }
            }
            return parser.nextToken() == null && tokens != null && !tokens.isEmpty() ? tokens : null;
        } catch (IOException notJson) {
            // The exception is not kept and not logged: its message quotes the input, which holds tokens.
            return null;
        }
    }

    private static @Nullable List<String> texts(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return null;
        }
        List<String> texts = new ArrayList<>();
        boolean isGood = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            isGood &= parser.currentToken() == JsonToken.VALUE_STRING && texts.size() < MAX_TOKENS;
            if (isGood) {
                texts.add(parser.getText());
            }
            parser.skipChildren();
        }
        return isGood ? texts : null;
    }
}
