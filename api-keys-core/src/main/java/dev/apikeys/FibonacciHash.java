package dev.apikeys;

/** Spreads numbers over places by multiplicative hashing with the golden ratio (Knuth, The Art of Computer Programming 6.4). */
final class FibonacciHash {
    /** 2<sup>64</sup> divided by the golden ratio. */
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private FibonacciHash() {}

    /** The place of a number among 2<sup>{@code bits}</sup>: the upper bits of the product, which all bits of the number reach. */
    static int of(long number, int bits) {
        return (int) ((number * MULTIPLIER) >>> (Long.SIZE - bits));
    }
}
