package dev.apikeys.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws by Zipf's law, s = 1, the same every time. */
final class Zipf {
    private Zipf() {}

    static int[] indexes(int items, int length) {
        double[] cumulated = new double[items];
        double sum = 0;
        for (int i = 0; i < items; i++) {
            sum += 1.0 / (i + 1);
            cumulated[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(42);
        int[] indexes = new int[length];
        for (int i = 0; i < length; i++) {
            int found = Arrays.binarySearch(cumulated, random.nextDouble() * sum);
            indexes[i] = Math.min(items - 1, found < 0 ? -found - 1 : found);
        }
        return indexes;
    }
}
