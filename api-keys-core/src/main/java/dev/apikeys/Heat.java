package dev.apikeys;

/**
 * How much a key was used, where each use counts half as much as one that came a half-life later: the LRFU policy (Lee et
 * al., 2001, IEEE Transactions on Computers 50(12)). The sum over all uses is kept as its logarithm to base 2, on a scale
 * that begins long ago. So nothing has to be halved as time goes by, and the heats of two keys are compared as numbers.
 *
 * <p>Heats and times are in parts of a half-life, and are compared by their difference, since they may overflow. More uses
 * than some 500 in a half-life count as 500.
 */
final class Heat {
    /** Parts of a half-life. */
    private static final int PARTS = 256;

    private static final int PARTS_LOG = 8;

    /** How many times the size of the cache keys are added in a half-life. */
    private static final int SIZES = 8;

    /** Elapsed time in parts of a half-life: 2<sup>42</sup> ns, which are about 73 minutes. */
    private static final int NANOS_SHIFT = 42 - PARTS_LOG;

    /** What one use adds to a sum of 2<sup>i</sup> to 2<sup>i + 1</sup> uses: log<sub>2</sub>(1 + 2<sup>-(i + ½)</sup>). */
    private static final int[] GAINS = new int[10];

    static {
        for (int i = 0; i < GAINS.length; i++) {
            GAINS[i] = (int) Math.round(PARTS * Math.log(1 + Math.pow(2, -i - 0.5)) / Math.log(2));
        }
    }

    private Heat() {}

    /**
     * The time, which is the heat of a key that is used now for the first time. It goes on with elapsed time and with the
     * keys that a cache takes in, since the busier a cache is, the sooner it must know what to keep.
     *
     * @param turnover as {@link #turnover} gives it
     */
    static int now(long nanos, int turnover) {
        return (int) (nanos >>> NANOS_SHIFT) + turnover;
    }

    /**
     * The share of the time that comes from keys.
     *
     * @param added how many keys were added to the cache
     * @param most how many keys the cache holds
     */
    static int turnover(long added, int most) {
        return (int) (added * (PARTS / SIZES) / most);
    }

    /** The heat after a use. */
    static int afterUse(int heat, int now) {
        int ahead = heat - now;
        return ahead >= 0 ? heat + gain(ahead) : now + gain(-ahead);
    }

    /** Tells whether a key of this heat was used less than one of the other heat. */
    static boolean isCooler(int heat, int other) {
        return heat - other < 0;
    }

    private static int gain(int difference) {
        int units = difference >>> PARTS_LOG;
        return units < GAINS.length ? GAINS[units] : 0;
    }
}
