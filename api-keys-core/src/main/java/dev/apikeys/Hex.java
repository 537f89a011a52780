package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lower-case hexadecimal by an ASCII table. Each value has exactly one form, and neither locale nor Unicode digits
 * matter.
 */
final class Hex {
    private static final byte[] VALUES = new byte[256];
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    private Hex() {}

    /** 0 to 15, or -1 for every character that is not a lower-case hexadecimal digit. */
    static int value(char c) {
        return c <= 0xFF ? VALUES[c] : -1;
    }

    static boolean isDigits(String text, int from, int to) {
        int invalid = 0;
        for (int i = from; i < to; i++) {
            invalid |= value(text.charAt(i));
        }
        return invalid >= 0;
    }

    /**
     * The number for up to 16 digits. With 15 digits or fewer it is negative exactly if a character is not a digit.
     */
    static long bits(String digits, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            // A character that is not a digit gives -1. Later digits can't clear its upper bits.
            bits = (bits << 4) | value(digits.charAt(i));
        }
        return bits;
    }

    static String encode(byte[] bytes) {
        char[] out = new char[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            out[2 * i] = DIGITS[(bytes[i] >> 4) & 0xF];
            out[2 * i + 1] = DIGITS[bytes[i] & 0xF];
        }
        return new String(out);
    }

    /** The lowest {@code digits * 4} bits of the value. */
    static String encode(long value, int digits) {
        byte[] out = new byte[digits];
        encode(value, out, 0, digits);
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** The same, into a part of an array. */
    static void encode(long value, byte[] out, int from, int to) {
        for (int i = from; i < to; i++) {
            out[i] = (byte) DIGITS[(int) (value >>> (4 * (to - 1 - i))) & 0xF];
        }
    }
}
