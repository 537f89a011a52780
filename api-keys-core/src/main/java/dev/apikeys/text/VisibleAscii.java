package dev.apikeys.text;

import java.util.HexFormat;

/**
 * Rules for visible ASCII. Policies and secrets consist of it, and text from clients is displayed in it. Names are
 * compared exactly. A name that only looks like another one must not get into a list unnoticed, so only visible ASCII
 * is allowed, and other characters are displayed escaped.
 *
 * <p>The package is not exported: no part of the API.
 */
public final class VisibleAscii {
    private static final int LONGEST_QUOTE = 128;

    private VisibleAscii() {}

    /**
     * Returns the text, which must have 1 to {@code maxLength} characters, all of them from {@code !} to {@code ~}.
     *
     * @param what names the text in the message
     * @throws IllegalArgumentException if it is anything else
     */
    public static String checked(String text, int maxLength, String what) {
        if (text.isEmpty() || text.length() > maxLength) {
            throw new IllegalArgumentException(
                    what + " has 1 to " + maxLength + " characters, this one " + text.length() + ": " + quoted(text));
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isVisible(text.charAt(i))) {
                throw new IllegalArgumentException(
                        what + " is made of visible ASCII characters, and character " + i + " isn't: " + quoted(text));
            }
        }
        return text;
    }

    /** The text in quotes, on one line, in ASCII. Very long text is cut. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder().append('"');
        for (int i = 0; i < Math.min(text.length(), LONGEST_QUOTE); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == ' ' || isVisible(c)) {
                out.append(c);
            } else {
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return out.append(text.length() > LONGEST_QUOTE ? "\"..." : "\"").toString();
    }

    /** Tells whether the text has characters from {@code !} to {@code ~} only. */
    public static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isVisible(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(char c) {
        return c > ' ' && c <= '~';
    }
}
