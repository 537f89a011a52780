package dev.apikeys.jdbi;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Times how long a service takes to issue and to revoke keys, alone and beside other work, by turns: what else the machine
 * does disturbs both.
 */
final class Alternating {
    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 10;
    private static final long BLOCK_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final KeyService service;
    private final LongStream.Builder[] times = new LongStream.Builder[4];
    private int keys;

    Alternating(KeyService service) {
        this.service = service;
        Arrays.setAll(times, i -> LongStream.builder());
    }

    /** Starts the other work. */
    interface Work {
        Running start();
    }

    /** The other work; ends when it is told to. */
    interface Running {
        void end() throws Exception;
    }

    Alternating measure(Work work) throws Exception {
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (int half = 0; half < 2; half++) {
                // One of them begins each round, the other one the next.
                boolean beside = (round + half) % 2 == 0;
                Running other = beside ? work.start() : () -> {};
                block(round >= 0, beside ? 2 : 0);
                other.end();
            }
        }
        return this;
    }

    private void block(boolean counts, int column) {
        long deadline = System.nanoTime() + BLOCK_NANOS;
        while (System.nanoTime() < deadline) {
            long began = System.nanoTime();
            IssuedKey key = Nodes.issue(service, "beside" + keys++);
            long issued = System.nanoTime();
            Nodes.revoke(service, key);
            long revoked = System.nanoTime();
            if (counts) {
                times[column].add(issued - began);
                times[column + 1].add(revoked - issued);
            }
        }
    }

    /** Adds what was measured to the table, and at most how many times as long a call may take beside the work. */
    void report(Figures figures, Object database, String beside, double bound) {
        String[] calls = {"issue", "revoke"};
        for (int i = 0; i < calls.length; i++) {
            long[] alone = times[i].build().toArray();
            long[] both = times[i + 2].build().toArray();
            figures.percentiles(calls[i] + ", alone", database, alone);
            figures.percentiles(calls[i] + ", " + beside, database, both);
            figures.ratio(
                    calls[i] + ", " + beside + ", beside alone, p99",
                    database,
                    both.length,
                    (double) p99(both) / p99(alone),
                    bound);
        }
    }

    private static long p99(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length * 99 / 100];
    }
}
