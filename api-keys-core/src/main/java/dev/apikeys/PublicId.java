package dev.apikeys;

import org.jspecify.annotations.Nullable;

/**
 * Up to 128 bits of public id as two longs: half the size of the text, and compared in two instructions. The text form
 * has a fixed length for one token format, so equal numbers mean equal texts.
 */
record PublicId(long high, long low) implements Comparable<PublicId> {

    /** Reads lower-case hexadecimal digits; null when a character is none. */
    static @Nullable PublicId parse(String text, int from, int to) {
        long high = 0;
        long low = 0;
        int invalid = 0;
        for (int i = from; i < to; i++) {
            int value = Hex.value(text.charAt(i));
            invalid |= value;
            high = (high << 4) | (low >>> 60);
            low = (low << 4) | (value & 0xF);
        }
        return invalid < 0 ? null : new PublicId(high, low);
    }

    /** Ids are random, but strangers choose what they send: ordering keeps a bin of collisions searchable. */
    @Override
    public int compareTo(PublicId other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicId that && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode((high * 31) ^ low);
    }
}
