package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threats T13 and T15 at full length: floods of wrong secrets and of unknown ids, and what keys in use notice of them. */
@Tag("endurance")
class FloodTest {
    private static final int UNKNOWN_IDS = 1_000_000;
    private static final long FLOOD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MAX_HEAP_BYTES = 5 * 1024 * 1024;

    private final Random random = new Random(15);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongSecrets_areRejectedAtAMillionPerSecondAndCore(boolean usedHere, TestReporter reporter) {
        try (TestKeys keys = new TestKeys()) {
            IssuedKey issued = keys.issue();
            if (usedHere) {
                keys.verify(issued);
            }
            String publicPart = issued.token().reveal().substring(0, 29);
            String[] wrong = new String[4_096];
            Arrays.setAll(wrong, i -> publicPart + randomHex(48));
            long best = 0;
            for (int round = 0; round < 10; round++) {
                long start = System.nanoTime();
                int calls = 500_000;
                for (int i = 0; i < calls; i++) {
                    if (keys.keys().verify(wrong[i % wrong.length]) instanceof Verification.Accepted) {
                        throw new AssertionError("a wrong secret was accepted");
                    }
                }
                best = Math.max(best, calls * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start));
            }
            Cluster.publish(
                    reporter,
                    "wrong secrets rejected per second, one thread, key used here: " + usedHere,
                    Long.toString(best));
            assertThat(best).isGreaterThanOrEqualTo(1_000_000);
        }
    }

    @Test
    void millionUnknownIds_leaveHeapStoreAndHotKeysAlone(TestReporter reporter) throws Exception {
        FaultyStore store = new FaultyStore();
        try (KeyService keys = KeyService.builder(store).build()) {
            List<String> hot = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                hot.add(keys.issue(TestKeys.spec()).token().reveal());
            }
            // The flood's thread works in both measurements, so that they differ by what it asks for alone.
            long quiet = p99(keys, hot, i -> "no token " + i);
            store.forgetCalls();
            long heapBefore = usedHeap();
            long start = System.nanoTime();
            long flooded = p99(keys, hot, i -> "myk_" + randomHex(24) + "." + "0".repeat(48));
            double seconds = (System.nanoTime() - start) / 1e9;
            long heap = usedHeap() - heapBefore;
            long reads = store.calls(StoreCall.FIND_CREDENTIAL);

            Cluster.publish(
                    reporter,
                    "flood of " + UNKNOWN_IDS + " unknown ids",
                    String.format(
                            Locale.ROOT,
                            "%.1f s; heap %+d KiB; %d reads; p99 of hot keys %d ns, %d ns without the flood",
                            seconds,
                            heap / 1024,
                            reads,
                            flooded,
                            quiet));
            assertThat(heap).isLessThan(MAX_HEAP_BYTES);
            // Five seconds' worth at once, and a thousand a second from then on; one more may be under way.
            assertThat((double) reads).isLessThanOrEqualTo(1_000 * (5 + seconds) + 1);
            assertThat((double) flooded).isLessThanOrEqualTo(1.2 * quiet);
        }
    }

    /** The 99th percentile of verifications of hot keys while another thread presents these texts at an even pace. */
    private long p99(KeyService keys, List<String> hot, IntFunction<String> presented) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Callable<Long> flood = () -> {
            long start = System.nanoTime();
            for (int i = 0; i < UNKNOWN_IDS; i++) {
                while (System.nanoTime() - start < FLOOD_NANOS / UNKNOWN_IDS * i) {
                    Thread.onSpinWait();
                }
                try {
                    assertThat(keys.verify(presented.apply(i))).isInstanceOf(Verification.Rejected.class);
                } catch (StoreUnavailableException overBudget) {
                    // What the budget is for.
                }
            }
            done.set(true);
            return 0L;
        };
        Callable<Long> holder = () -> {
            int[] histogram = new int[1_000_000];
            long calls = 0;
            while (!done.get()) {
                long start = System.nanoTime();
                boolean accepted = keys.verify(hot.get((int) (calls % hot.size()))) instanceof Verification.Accepted;
                long nanos = System.nanoTime() - start;
                histogram[(int) Math.min(nanos, histogram.length - 1)]++;
                calls++;
                assertThat(accepted).isTrue();
            }
            return percentile(histogram, calls);
        };
        return Race.between(2, thread -> thread == 0 ? flood : holder).get(1);
    }

    private static long percentile(int[] histogram, long calls) {
        long left = calls / 100;
        int at = histogram.length - 1;
        while (left >= histogram[at]) {
            left -= histogram[at--];
        }
        return at;
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private String randomHex(int digits) {
        StringBuilder hex = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }
}
