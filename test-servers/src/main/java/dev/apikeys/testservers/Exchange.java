package dev.apikeys.testservers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, as a test saw them.
 *
 * @param path without the query
 * @param headers of the answer, by lower-case name
 * @param body of the answer
 * @param sent the body of the request; null where it is not known
 */
public record Exchange(
        String method,
        String path,
        int status,
        Map<String, List<String>> headers,
        String body,
        @Nullable String sent) {
    /** A header's name as {@link #headers()} has it. */
    public static String lowerCase(String header) {
        return header.toLowerCase(Locale.ROOT);
    }
}
