package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Threat T12: the time of a rejection does not tell which public ids exist. Paired samples in random order; the bootstrap
 * interval of the median difference must lie within 100 ns.
 */
@Tag("endurance")
class RejectionTimeTest {
    private static final int KEYS = 50;
    private static final int CALLS_PER_SAMPLE = 64;
    private static final int SAMPLES = 20_000;
    private static final int RESAMPLES = 1_000;
    private static final double BOUND_NANOS = 100;

    private final Random random = new Random(12);

    @Test
    void rejection_ofAnUnknownId_takesTheTimeOfAWrongSecret(TestReporter reporter) {
        compare(KeyService::verify, reporter);
    }

    /** An unknown id is forgotten after some seconds; then it has to be read once more. */
    @Test
    void rejectionFromMemory_ofAnUnknownId_takesTheTimeOfAWrongSecret(TestReporter reporter) {
        compare(
                (keys, token) -> {
                    Verification known = keys.verifyIfKnown(token, ClientRequest.NONE);
                    return known == null ? keys.verify(token) : known;
                },
                reporter);
    }

    private void compare(BiFunction<KeyService, String, Verification> way, TestReporter reporter) {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore())
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 1_000))
                .build()) {
            List<String> used = new ArrayList<>();
            List<String> unused = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                String token = keys.issue(TestKeys.spec()).token().reveal();
                assertThat(keys.verify(token)).isInstanceOf(Verification.Accepted.class);
                used.add(wrongSecret(token));
                unused.add(wrongSecret(keys.issue(TestKeys.spec()).token().reveal()));
                unknown.add("myk_" + randomHex(24) + "." + randomHex(48));
            }
            List<List<String>> kinds = List.of(unknown, used, unused);
            for (int warmUp = 0; warmUp < SAMPLES; warmUp++) {
                kinds.forEach(kind -> sample(token -> way.apply(keys, token), kind));
            }
            double[][] nanos = measure(token -> way.apply(keys, token), kinds);
            assertWithin(reporter, "used here", nanos[1], nanos[0]);
            assertWithin(reporter, "not used here yet", nanos[2], nanos[0]);
        }
    }

    private double[][] measure(Function<String, Verification> way, List<List<String>> kinds) {
        double[][] nanos = new double[kinds.size()][SAMPLES];
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        for (int i = 0; i < SAMPLES; i++) {
            Collections.shuffle(order, random);
            for (int kind : order) {
                nanos[kind][i] = sample(way, kinds.get(kind));
            }
        }
        return nanos;
    }

    /** Nanoseconds for each call. */
    private double sample(Function<String, Verification> way, List<String> tokens) {
        int accepted = 0;
        int at = random.nextInt(tokens.size());
        long start = System.nanoTime();
        for (int i = 0; i < CALLS_PER_SAMPLE; i++) {
            accepted += way.apply(tokens.get((at + i) % tokens.size())) instanceof Verification.Accepted ? 1 : 0;
        }
        long taken = System.nanoTime() - start;
        assertThat(accepted).isZero();
        return (double) taken / CALLS_PER_SAMPLE;
    }

    private void assertWithin(TestReporter reporter, String what, double[] known, double[] unknown) {
        double[] differences = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            differences[i] = known[i] - unknown[i];
        }
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[SAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < SAMPLES; j++) {
                drawn[j] = differences[random.nextInt(SAMPLES)];
            }
            medians[i] = median(drawn);
        }
        Arrays.sort(medians);
        double low = medians[RESAMPLES / 40];
        double high = medians[RESAMPLES - 1 - RESAMPLES / 40];
        Cluster.publish(
                reporter,
                "rejection of a known key, " + what + ", minus that of an unknown id",
                String.format(Locale.ROOT, "%.1f to %.1f ns of %.0f ns", low, high, median(unknown)));
        assertThat(low).as(what).isGreaterThan(-BOUND_NANOS);
        assertThat(high).as(what).isLessThan(BOUND_NANOS);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String randomHex(int digits) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    private String wrongSecret(String token) {
        return token.substring(0, token.indexOf('.') + 1) + randomHex(48);
    }
}
