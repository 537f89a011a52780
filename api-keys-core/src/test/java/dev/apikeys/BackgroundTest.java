package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.testkit.Gate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tr-skip") // Waiting knows no locale.
class BackgroundTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void task_thatThrowsAnError_runsAgain() {
        Background background = new Background("test");
        AtomicInteger runs = new AtomicInteger();

        background.every(Duration.ofMillis(10), "The test", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("once");
            }
        });

        await().atMost(Duration.ofSeconds(10)).until(() -> runs.get() > 1);
        background.endWith("The end", () -> {});
        background.await(LONG);
    }

    @Test
    void endWith_lastTask_hasRunOnReturn() {
        Background background = new Background("test");
        AtomicInteger last = new AtomicInteger();

        background.endWith("The end", last::incrementAndGet);
        background.await(LONG);
        background.endWith("The end", last::incrementAndGet);
        background.await(LONG);

        assertThat(last).hasValue(1);
    }

    @Test
    void endWith_thousandTimes_hasEndedTheThreadOnReturn() {
        for (int round = 0; round < 1_000; round++) {
            Background background = new Background("test");
            AtomicReference<Thread> thread = new AtomicReference<>();

            background.endWith("The end", () -> thread.set(Thread.currentThread()));
            background.await(LONG);

            assertThat(thread.get().isAlive()).isFalse();
        }
    }

    @Test
    void endWith_whileATaskHangs_endsAllTheSame() throws Exception {
        Background background = new Background("test");
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        background.every(Duration.ofMillis(1), "The test", () -> {
            hanging.countDown();
            awaitUninterruptibly(released);
        });
        hanging.await();
        long start = System.nanoTime();

        background.endWith("The end", () -> {});
        background.await(Duration.ofMillis(50));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        released.countDown();
    }

    @Test
    void endWith_interruptedCaller_runsTheLastTaskAndStaysInterrupted() {
        Background background = new Background("test");
        AtomicInteger last = new AtomicInteger();
        Thread.currentThread().interrupt();

        background.endWith("The end", last::incrementAndGet);
        background.await(LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(last).hasValue(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void soon_runsTheTaskBeforeItsTime_andNothingAfterTheEnd() throws Exception {
        Background background = new Background("test");
        background.soon();
        Gate gate = new Gate();
        background.every(Duration.ofDays(1), "The test", gate::pass);

        background.soon();

        gate.awaitReached();
        gate.open();
        background.end();
        background.soon();
        background.await(LONG);
    }

    @Test
    void thread_thatTakesLongToEnd_isNotInterrupted() throws Exception {
        Background background = new Background("test");
        Gate gate = new Gate();
        AtomicBoolean interrupted = new AtomicBoolean(true);
        background.endWith("The end", () -> {
            gate.pass();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        gate.awaitReached();

        background.await(Duration.ofMillis(1));

        gate.open();
        background.await(LONG);
        assertThat(interrupted).isFalse();
    }
}
