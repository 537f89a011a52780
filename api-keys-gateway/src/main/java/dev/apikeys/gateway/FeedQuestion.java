package dev.apikeys.gateway;

import dev.apikeys.spi.FeedPosition;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question of a reader.
 *
 * @param text random, and repeated in the answer
 * @param position where the reader is; null for the first question
 * @param patience how long it would wait for a hint
 */
record FeedQuestion(String text, @Nullable FeedPosition position, Duration patience) {
    private static final int MAX_LENGTH = 255;

    /** Tells whether the question is for this version. */
    static boolean isThisVersion(HttpServletRequest request) {
        return String.valueOf(FeedJson.VERSION).equals(request.getParameter(FeedJson.VERSION_NAME));
    }

    /** The question in the query; empty if it is none. */
    static Optional<FeedQuestion> of(HttpServletRequest request) {
        String text = request.getParameter(FeedJson.QUESTION);
        String incarnation = request.getParameter(FeedJson.INCARNATION);
        String witness = request.getParameter(FeedJson.WITNESS);
        String wait = request.getParameter(FeedJson.WAIT);
        boolean isGood = text != null
                && !text.isEmpty()
                && isPlain(text)
                && (incarnation == null || (isPlain(incarnation) && witness != null && isPlain(witness)));
        if (!isGood) {
            return Optional.empty();
        }
        try {
            FeedPosition position = incarnation == null
                    ? null
                    : new FeedPosition(
                            incarnation,
                            Long.parseLong(request.getParameter(FeedJson.EPOCH)),
                            Long.parseLong(request.getParameter(FeedJson.STAMP)),
                            witness);
            long millis = wait == null ? 0 : Long.parseLong(wait);
            return millis < 0
                    ? Optional.empty()
                    : Optional.of(new FeedQuestion(text, position, Duration.ofMillis(millis)));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /** Visible ASCII, which every database can be asked about. */
    private static boolean isPlain(String text) {
        return text.length() <= MAX_LENGTH && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
