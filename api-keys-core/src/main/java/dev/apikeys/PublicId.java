package dev.apikeys;

import org.jspecify.annotations.Nullable;

/**
 * Up to 128 bits of public id as two longs: half the size of the text, and compared in two instructions. The text form
 * has a fixed length for one token format, so equal numbers mean equal texts. An id equals whatever else has the same
 * id, so that a {@link CachedKey} is its own key in a map and is found by a bare id.
 *
 * <p>Immutable as an id, and thread-safe.
 */
class PublicId implements Comparable<PublicId> {
    private final long high;
    private final long low;

    PublicId(long high, long low) {
        this.high = high;
        this.low = low;
    }

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

    /** The bits above the lowest 64. */
    final long high() {
        return high;
    }

    /** The lowest 64 bits. */
    final long low() {
        return low;
    }

    final boolean is(long otherHigh, long otherLow) {
        return low == otherLow && high == otherHigh;
    }

    /** Ids are random, but strangers choose what they send: ordering keeps a bin of collisions searchable. */
    @Override
    public final int compareTo(PublicId other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof PublicId that && that.is(high, low);
    }

    @Override
    public final int hashCode() {
        return Long.hashCode((high * 31) ^ low);
    }
}
