package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.Owner;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the search compares, prepared here and not by the database: {@code LOWER} depends on the locale of the server,
 * in H2 even on that of this JVM, and would make "API" and "api" differ in Turkish.
 */
final class SearchText {
    /** Stands before a character of a LIKE pattern that is meant as it is. Not a backslash: MySQL escapes that itself. */
    static final char ESCAPE = '!';

    /** Between the parts; no name and no id holds a line break, so no search matches across two parts. */
    private static final String SEPARATOR = "\n";

    private SearchText() {}

    /** The text in which to search for a key. */
    static String of(ApiKey key) {
        Owner owner = key.owner();
        return Stream.of(key.name(), owner.user(), owner.organization(), owner.workspace())
                .filter(Objects::nonNull)
                .map(SearchText::fold)
                .collect(Collectors.joining(SEPARATOR));
    }

    /** Without its case, character by character, the same in every locale. */
    static String fold(String text) {
        return text.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A LIKE pattern for every text that has this one in it. */
    static String containing(String folded) {
        return "%" + literal(folded) + "%";
    }

    /** A LIKE pattern for every text that begins with this one. */
    static String beginningWith(String folded) {
        return literal(folded) + "%";
    }

    /**
     * Tells whether the text can be in a column at all: control characters and lone surrogates never are, and some
     * drivers refuse to send them.
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
