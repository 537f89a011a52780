package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lower-case hexadecimal by ASCII table: one form for every value, and no locale or Unicode digit gets in. */
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

    /** The lowest 64 bits of digits that were checked before. */
    static long bits(String digits, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            bits = (bits << 4) | VALUES[digits.charAt(i)];
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

    /** The lowest {@code digits * 4} bits of a number of 128 bits. */
    static String encode(long high, long low, int digits) {
        byte[] out = new byte[digits];
        for (int i = 0; i < digits; i++) {
            long part = i < 16 ? low >>> (4 * i) : high >>> (4 * (i - 16));
            out[digits - 1 - i] = (byte) DIGITS[(int) part & 0xF];
        }
        return new String(out, StandardCharsets.ISO_8859_1);
    }
}
