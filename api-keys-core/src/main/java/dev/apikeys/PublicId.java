package dev.apikeys;

import org.jspecify.annotations.Nullable;

/**
 * A public id as two longs with half of the digits each: half the size of the text, and compared in two instructions.
 * The text has a fixed length for one token format, so equal numbers mean equal texts. An id equals every object with
 * the same id. So a {@link CacheEntry} is its own key in a map, and is found by a plain id.
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

    /** Reads lower-case hexadecimal digits; null if a character is not one. */
    static @Nullable PublicId parse(String text, int from, int to) {
        int middle = (from + to) >>> 1;
        return Hex.isDigits(text, from, to)
                ? new PublicId(Hex.bits(text, from, middle), Hex.bits(text, middle, to))
                : null;
    }

    /** The first half of the digits. */
    final long high() {
        return high;
    }

    /** The second half of the digits. */
    final long low() {
        return low;
    }

    final boolean is(long otherHigh, long otherLow) {
        return low == otherLow && high == otherHigh;
    }

    /**
     * Attackers can choose unknown ids so that their hash codes collide. Because ids are ordered, a hash bin with many
     * of them is still searched quickly.
     */
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
