package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work in steps leaves most of the time to others, and ends at once when it is told to. */
@Tag("tr-skip") // Waiting knows no locale.
class PaceTest {
    private static final Duration STEP = Duration.ofMillis(20);

    private final Pace pace = new Pace(System::nanoTime);

    private static boolean work() {
        await().pollDelay(STEP).until(() -> true);
        return true;
    }

    @Test
    void step_done_isFollowedByARestThatIsLonger() {
        long began = System.nanoTime();
        assertThat(pace.step(PaceTest::work)).isTrue();
        long took = System.nanoTime() - began;
        assertThat(took).isGreaterThanOrEqualTo((1 + Pace.REST) * STEP.toNanos());
    }

    @Test
    void lastStep_isFollowedByNoStep() {
        assertThat(pace.goesOn()).isTrue();
        assertThat(pace.step(() -> false)).isFalse();
    }

    @Test
    void end_whileItRests_wakesIt() throws Exception {
        CompletableFuture<Boolean> worked = new CompletableFuture<>();
        CompletableFuture<Boolean> resting = CompletableFuture.supplyAsync(() -> pace.step(() -> {
            await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
            return worked.complete(true);
        }));
        assertThat(worked.get(30, TimeUnit.SECONDS)).isTrue();
        pace.end();
        assertThat(resting.get(4, TimeUnit.SECONDS)).isFalse();
        assertThat(pace.goesOn()).isFalse();
        assertThat(pace.step(PaceTest::work)).isFalse();
    }

    @Test
    void interrupt_endsTheWorkAndStays() {
        Thread.currentThread().interrupt();
        assertThat(pace.goesOn()).isFalse();
        assertThat(pace.step(() -> true)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }
}
