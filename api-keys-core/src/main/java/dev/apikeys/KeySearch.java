package dev.apikeys;

import java.util.Objects;

/**
 * Where a store looks for the text of {@link KeyFilter#search}. The beginning of the public id is always looked at, and so
 * is every part of a name among the keys of one owner or user.
 */
public enum KeySearch {
    /** In every part of the name and of the owner's ids. A database without an index for that reads every key. */
    ANYWHERE,

    /**
     * As {@link #ANYWHERE} for a text of three characters or more; as {@link #BEGINNING} for a shorter one, which an index
     * of trigrams can't find.
     */
    ANYWHERE_FROM_THREE,

    /**
     * At the beginning of the name, in any case, and at the beginning of the ids of user and organization, in the case in
     * which they are written.
     */
    BEGINNING;

    private static final int TRIGRAM = 3;

    /**
     * The text in the one case in which texts are compared, character by character, the same in every store and in every
     * locale.
     */
    public static String fold(String text) {
        Objects.requireNonNull(text, "text");
        return text.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Whether this text is looked for at beginnings only. */
    public boolean isAboutBeginnings(String text) {
        Objects.requireNonNull(text, "text");
        return switch (this) {
            case ANYWHERE -> false;
            case ANYWHERE_FROM_THREE -> text.codePointCount(0, text.length()) < TRIGRAM;
            case BEGINNING -> true;
        };
    }
}
