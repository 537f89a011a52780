package dev.apikeys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Lower-case hexadecimal digits in an array of bytes, eight at a time: a number of 64 bits is treated as eight bytes
 * side by side (Warren, Hacker's Delight, 2nd edition, 2-18).
 */
final class HexBytes {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int AT_ONCE = Long.BYTES;
    /** A one in each byte. */
    private static final long ONES = 0x0101_0101_0101_0101L;

    private static final long UPPER_HALVES = 0xF0F0_F0F0_F0F0_F0F0L;
    /** How much further than those of '0' to '9' the codes of 'a' to 'f' are. */
    private static final int LETTERS_BEHIND = 'a' - '0' - 10;

    private HexBytes() {}

    /** The eight bytes from there on. */
    static long word(byte[] bytes, int from) {
        return (long) WORDS.get(bytes, from);
    }

    /** Tells whether all bytes of a part, which has at least eight, are digits. */
    static boolean areDigits(byte[] bytes, int from, int to) {
        // The last eight first, of which some may be looked at again.
        long invalid = invalid((long) WORDS.get(bytes, to - AT_ONCE));
        for (int at = from; at < to - AT_ONCE; at += AT_ONCE) {
            invalid |= invalid((long) WORDS.get(bytes, at));
        }
        return (invalid & UPPER_HALVES) == 0;
    }

    /** The number for the 8 to 16 digits that end there, with room for 16 of them. Without meaning if one of them is no digit. */
    static long number(byte[] bytes, int end, int digits) {
        long lower = packed(values((long) WORDS.get(bytes, end - AT_ONCE)));
        long upper = packed(values((long) WORDS.get(bytes, end - 2 * AT_ONCE)));
        long both = (upper << (4 * AT_ONCE)) | lower;
        return both & (-1L >>> (Long.SIZE - 4 * digits));
    }

    /** The value of each byte that is a digit. */
    private static long values(long text) {
        return (text - LETTERS_BEHIND * letters(text)) ^ ('0' * ONES);
    }

    /** A one for each byte that is above '?': of all digits, the letters. */
    private static long letters(long text) {
        return (text >>> 6) & ONES;
    }

    /** Has a bit among the upper four of a byte unless each byte is a digit: values end at 15, and from 10 on are letters. */
    private static long invalid(long text) {
        long values = values(text);
        return values | ((values + 6 * ONES) ^ (letters(text) << 4));
    }

    /** The lower halves of eight bytes, moved together. */
    private static long packed(long values) {
        long pairs = (values | (values >>> 4)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs | (pairs >>> 8)) & 0x0000_FFFF_0000_FFFFL;
        return (fours | (fours >>> 16)) & 0xFFFF_FFFFL;
    }
}
