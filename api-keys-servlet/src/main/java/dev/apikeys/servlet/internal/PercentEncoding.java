package dev.apikeys.servlet.internal;

/** Reads {@code %hh} (RFC 3986 section 2.1). */
public final class PercentEncoding {
    private PercentEncoding() {}

    /** The byte that is encoded at this percent sign, or -1 if two digits don't follow it. */
    public static int byteAt(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = hexadecimal(text.charAt(percent + 1));
        int low = hexadecimal(text.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Not {@link Character#digit}, which also accepts digits of other scripts. */
    private static int hexadecimal(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
