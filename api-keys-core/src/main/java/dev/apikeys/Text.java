package dev.apikeys;

/** What may stand in a line that people read: one place for the rule that names, ids and log lines share. */
final class Text {
    private Text() {}

    /**
     * No control character, no line or paragraph separator, no bidirectional override and no lone surrogate: nothing
     * that could break a log line or turn a name in a list around.
     */
    static boolean isSingleLine(String text) {
        return text.codePoints().allMatch(Text::isHarmless);
    }

    /** The same text with every character that {@link #isSingleLine} refuses replaced, cut to a length. */
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

    /** Short and visible ASCII, as nearly every address, method and path is. */
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
}
