package dev.apikeys.mcp;

import java.util.HexFormat;

/**
 * The rule for what people write into a policy, and how text from the wire is shown to them. Names are compared
 * exactly, so a name that merely looks like another one must not get into a list unseen: only visible ASCII may be
 * written, and everything else is shown escaped.
 */
final class VisibleAscii {
    private static final int LONGEST_QUOTE = 128;

    private VisibleAscii() {}

    /** The text, when it has 1 to so many characters, all of them from {@code !} to {@code ~}. */
    static String checked(String text, int maxLength, String what) {
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

    /** The text in quotes, on one line, in ASCII, cut when it is very long. */
    static String quoted(String text) {
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

    private static boolean isVisible(char c) {
        return c > ' ' && c <= '~';
    }
}
