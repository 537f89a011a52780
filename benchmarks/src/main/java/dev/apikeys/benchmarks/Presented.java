package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What clients present, a string of its own each time, drawn by Zipf's law. */
public final class Presented {
    private static final int LEAST = 1 << 14;

    private Presented() {}

    private static String[] draw(String prefix, int keys) {
        int[] numbers = Zipf.indexes(keys, Integer.highestOneBit(Math.max(LEAST, keys)));
        String[] presented = new String[numbers.length];
        for (int i = 0; i < presented.length; i++) {
            presented[i] = prefix + GeneratedStore.token(numbers[i]);
        }
        return presented;
    }

    /** Tokens. */
    @State(Scope.Benchmark)
    public static class Tokens {
        private String[] tokens = {};

        /** Draws them. */
        @Setup(Level.Trial)
        public void draw(KeyCount count) {
            tokens = Presented.draw("", count.keys);
        }

        String at(Place place) {
            return tokens[place.next++ & (tokens.length - 1)];
        }
    }

    /** Values of the header {@code Authorization}. */
    @State(Scope.Benchmark)
    public static class Headers {
        private String[] headers = {};

        /** Draws them. */
        @Setup(Level.Trial)
        public void draw(KeyCount count) {
            headers = Presented.draw("Bearer ", count.keys);
        }

        String at(Place place) {
            return headers[place.next++ & (headers.length - 1)];
        }
    }

    /** Where a thread is in the sequence. */
    @State(Scope.Thread)
    public static class Place {
        private int next = ThreadLocalRandom.current().nextInt();
    }
}
