package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Threats T44 and T13: guessing secrets blocks no other caller and costs little. */
@Tag("tr-skip") // Guessing knows no locale.
class WrongSecretFloodTest {
    private static final int FLOOD = 100_000;

    @Test
    void hundredThousandWrongSecrets_neverLockTheHolderOut(TestReporter reporter) {
        long seed = 44;
        Random random = new Random(seed);
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            String right = issued.token().reveal();
            char[] secret = new char[48];
            long start = System.nanoTime();
            for (int i = 0; i < FLOOD; i++) {
                for (int digit = 0; digit < secret.length; digit++) {
                    secret[digit] = Character.forDigit(random.nextInt(16), 16);
                }
                assertThat(service.keys().verify(right.substring(0, 29) + new String(secret)))
                        .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                if (i % 100 == 0) {
                    assertThat(service.verify(issued))
                            .as("seed %d, after %d", seed, i)
                            .isInstanceOf(Verification.Accepted.class);
                }
            }
            reporter.publishEntry(
                    "wrong secrets per second, one thread, uncompiled code and assertions included",
                    String.valueOf(FLOOD
                            * 1_000L
                            / Math.max(
                                    1,
                                    Duration.ofNanos(System.nanoTime() - start).toMillis())));
            assertThat(service.keys().stats().rejected()).containsEntry(Rejection.SECRET_MISMATCH, (long) FLOOD);
        }
    }

    @Test
    void holder_verifiedWhileThreadsGuess_neverFails() throws Exception {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean holder = new AtomicBoolean(true);
            String wrong = issued.token().reveal().substring(0, 29) + "0".repeat(48);
            Callable<Long> step = () -> {
                long accepted = 0;
                if (holder.getAndSet(false)) {
                    for (int i = 0; i < 20_000; i++) {
                        accepted += service.verify(issued) instanceof Verification.Accepted ? 1 : 0;
                    }
                    done.set(true);
                    return accepted;
                }
                while (!done.get()) {
                    assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                }
                return accepted;
            };

            List<Race.Outcome<Long>> outcomes = Race.run(4, step);

            assertThat(outcomes).allMatch(Race.Outcome::succeeded);
            assertThat(outcomes.stream().mapToLong(Race.Outcome::value).sum()).isEqualTo(20_000);
        }
    }
}
