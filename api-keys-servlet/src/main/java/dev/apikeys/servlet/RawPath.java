package dev.apikeys.servlet;

import dev.apikeys.servlet.internal.PercentEncoding;

/**
 * Rejects paths that two readers, such as a filter and a router, may read differently. The remaining paths have only
 * one meaning.
 */
final class RawPath {
    /** Bytes that are never part of UTF-8: the overlong {@code C0} and {@code C1}, and what follows {@code F4}. */
    private static final int FIRST_IMPOSSIBLE_BYTE = 0xF5;

    private RawPath() {}

    /**
     * Tells whether a path of a request line has exactly one meaning: no {@code ;} {@code //} {@code \}, no dot
     * segment, no character outside printable ASCII, and none of these, {@code /} {@code .} or {@code %}, in
     * percent-encoding.
     */
    static boolean isPlain(String uri) {
        int length = uri.length();
        if (length == 0 || uri.charAt(0) != '/') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = uri.charAt(i);
            if (c == '/') {
                if (isDoubtfulAfterSlash(uri, i + 1)) {
                    return false;
                }
            } else if (c == '%') {
                if (isDoubtfulByte(PercentEncoding.byteAt(uri, i))) {
                    return false;
                }
            } else if (c < ' ' || c > '~' || c == ';' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Tells whether a decoded path has no control or replacement character. */
    static boolean isPlainDecoded(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (Character.isISOControl(c) || c == '\uFFFD') {
                return false;
            }
        }
        return true;
    }

    /** Another slash, or a segment of one or two dots. */
    private static boolean isDoubtfulAfterSlash(String uri, int start) {
        if (start == uri.length()) {
            return false;
        }
        char first = uri.charAt(start);
        if (first != '.') {
            return first == '/';
        }
        int end = start + 1;
        if (end < uri.length() && uri.charAt(end) == '.') {
            end++;
        }
        return end == uri.length() || uri.charAt(end) == '/';
    }

    private static boolean isDoubtfulByte(int value) {
        return switch (value) {
            case '/', '\\', '.', '%', ';', 0x7F, 0xC0, 0xC1 -> true;
            default -> value < ' ' || value >= FIRST_IMPOSSIBLE_BYTE;
        };
    }
}
