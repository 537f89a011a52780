package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Threat T47: ids and secrets are random, all of them. */
@Tag("tr-skip") // Chance knows no locale.
class RandomnessTest {
    /** Chi-square with 15 degrees of freedom at p = 0.001. */
    private static final double CRITICAL = 37.697;

    @Test
    void hundredThousandTokens_repeatNoIdAndNoSecret() {
        Set<String> ids = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        try (KeyService keys = issuingOnly()) {
            for (int i = 0; i < 100_000; i++) {
                String token = keys.issue(TestKeys.spec()).token().reveal();
                ids.add(token.substring(4, 28));
                secrets.add(token.substring(29));
            }
        }
        assertThat(ids).hasSize(100_000);
        assertThat(secrets).hasSize(100_000);
    }

    @Test
    void digits_ofAllTokens_areEvenlyDistributed(TestReporter reporter) {
        // Chance alone fails one honest run in a thousand; three in a row, one in a thousand million.
        double[] runs =
                IntStream.range(0, 3).mapToDouble(run -> chiSquare(20_000)).toArray();

        reporter.publishEntry("chi-square, 15 degrees of freedom", Arrays.toString(runs));
        assertThat(Arrays.stream(runs).min().orElseThrow()).isLessThan(CRITICAL);
    }

    @Test
    @Tag("endurance")
    void tenMillionIds_repeatNone(TestReporter reporter) {
        long[] low = new long[10_000_000];
        try (KeyService keys = issuingOnly()) {
            for (int i = 0; i < low.length; i++) {
                String id = keys.issue(TestKeys.spec()).key().publicId();
                low[i] = Long.parseUnsignedLong(id.substring(8), 16);
            }
        }
        Arrays.sort(low);
        long repeated =
                IntStream.range(1, low.length).filter(i -> low[i] == low[i - 1]).count();
        reporter.publishEntry("ids whose last 64 bits repeat, of 10,000,000", String.valueOf(repeated));
        assertThat(repeated).isZero();
    }

    /** All 72 digits of a token count together: the worst of 72 statistics would often exceed p = 0.001. */
    private static double chiSquare(int tokens) {
        long[] counts = new long[16];
        try (KeyService keys = issuingOnly()) {
            for (int i = 0; i < tokens; i++) {
                keys.issue(TestKeys.spec())
                        .token()
                        .reveal()
                        .substring(4)
                        .chars()
                        .filter(c -> c != '.')
                        .forEach(c -> counts[Character.digit(c, 16)]++);
            }
        }
        double expected = tokens * 72 / 16.0;
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }

    /** A store that keeps nothing: counting an owner's keys a hundred thousand times would take minutes. */
    private static KeyService issuingOnly() {
        FaultyStore forgetful = new FaultyStore();
        forgetful.answer(StoreCall.INSERT, null);
        return KeyService.builder(forgetful).build();
    }
}
