package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text for searches. It is prepared here and not by the database, because {@code LOWER} depends on the locale of
 * the server, and in H2 on the locale of this JVM. In Turkish, "API" and "api" would be different.
 */
final class SearchText {
    /** The escape character of LIKE patterns. It is not a backslash, because MySQL treats backslashes specially. */
    static final char ESCAPE = '!';

    /** The separator of the parts. No name and no id contains a line break, so no search matches across two parts. */
    static final String SEPARATOR = "\n";

    private SearchText() {}

    /** The text in which to search for a key. */
    static String of(ApiKey key) {
        Owner owner = key.owner();
        return Stream.of(key.name(), owner.user(), owner.organization(), owner.workspace())
                .filter(Objects::nonNull)
                .map(KeySearch::fold)
                .collect(Collectors.joining(SEPARATOR));
    }

    /** A LIKE pattern for texts that contain this one. */
    static String containing(String folded) {
        return "%" + literal(folded) + "%";
    }

    /** A LIKE pattern for texts that begin with this one. */
    static String beginningWith(String folded) {
        return literal(folded) + "%";
    }

    /**
     * Tells whether a column can contain the text. Control characters and lone surrogates are never stored, and some
     * drivers can't send them.
     */
    static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static String literal(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '_' || c == ESCAPE) {
                out.append(ESCAPE);
            }
            out.append(c);
        }
        return out.toString();
    }
}
