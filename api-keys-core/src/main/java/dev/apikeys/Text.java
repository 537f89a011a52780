package dev.apikeys;

/** The rule for text on one line, shared by names, ids and log lines. */
final class Text {
    private Text() {}

    /**
     * No control character, no line or paragraph separator, no bidirectional override and no lone surrogate: so nothing
     * that could break a log line or reverse a name in a list.
     */
    static boolean isSingleLine(String text) {
        return text.codePoints().allMatch(Text::isHarmless);
    }

    /** The same text, cut to a length, with each character replaced that {@link #isSingleLine} doesn't allow. */
    static String printable(String text, int maxCodePoints) {
        if (isPlain(text, maxCodePoints)) {
            return text;
        }
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxCodePoints));
        text.codePoints()
                .limit(maxCodePoints)
                .map(c -> isHarmless(c) ? c : 0xFFFD)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Short and visible ASCII, like nearly every address, method and path. */
    private static boolean isPlain(String text, int maxLength) {
        if (text.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            default -> !isBidirectionalControl(codePoint);
        };
    }

    private static boolean isBidirectionalControl(int codePoint) {
        return (codePoint >= 0x202A && codePoint <= 0x202E) || (codePoint >= 0x2066 && codePoint <= 0x2069);
    }

    /** The text without invisible characters at its ends; the empty text if there is nothing to see in it. */
    static String trim(String text) {
        if (text.codePoints().allMatch(c -> isInvisible(c) && mayBeRemoved(c))) {
            return "";
        }
        int start = 0;
        while (start < text.length() && isRemovable(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        int end = text.length();
        while (end > start && isRemovable(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /** Tells whether there is nothing to see in the text. */
    static boolean isBlank(String text) {
        return text.codePoints().allMatch(Text::isInvisible);
    }

    /** Invisible, and no part of the character before it, as the end of a flag or the style of an emoji is. */
    private static boolean isRemovable(int codePoint) {
        return isInvisible(codePoint)
                && mayBeRemoved(codePoint)
                && !isVariationSelector(codePoint)
                && !isTag(codePoint);
    }

    /** White space, and what {@link #isSingleLine} allows; the rest is there to be refused. */
    private static boolean mayBeRemoved(int codePoint) {
        return Character.isWhitespace(codePoint) || isHarmless(codePoint);
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT -> true;
            default -> Character.isWhitespace(codePoint) || isVariationSelector(codePoint) || isFiller(codePoint);
        };
    }

    /** Letters and symbols that are drawn as nothing: fillers of Hangul, blank Braille, joiners of graphemes. */
    private static boolean isFiller(int codePoint) {
        return switch (codePoint) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
            default -> false;
        };
    }

    private static boolean isVariationSelector(int codePoint) {
        return (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
                || (codePoint >= 0xE0100 && codePoint <= 0xE01EF)
                || (codePoint >= 0x180B && codePoint <= 0x180F && codePoint != 0x180E);
    }

    private static boolean isTag(int codePoint) {
        return codePoint >= 0xE0020 && codePoint <= 0xE007F;
    }
}
