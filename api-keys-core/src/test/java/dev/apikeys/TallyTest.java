package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.Race;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final int TIMES = 100_000;

    private final Tally tally = new Tally();

    @Test
    void oneThread_isCountedExactly() {
        for (int i = 0; i < TIMES; i++) {
            tally.increment();
        }

        assertThat(tally.sum()).isEqualTo(TIMES);
    }

    @Test
    void manyThreads_areCountedNearly_andNeverTooHigh() throws Exception {
        int threads = 64;
        Race.run(threads, () -> {
            for (int i = 0; i < TIMES; i++) {
                tally.increment();
            }
            return tally;
        });

        assertThat(tally.sum()).isBetween((long) (0.99 * threads * TIMES), (long) threads * TIMES);
    }
}
