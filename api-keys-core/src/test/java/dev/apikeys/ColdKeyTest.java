package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threat T16: however many want a cold key, it is read once, and nobody waits for ever. */
@Tag("tr-skip") // Waiting knows no locale.
class ColdKeyTest {
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final TestKeys service = new TestKeys(settings -> settings.loadTimeout(Duration.ofMillis(200)));
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        goOn.countDown();
        service.close();
    }

    @Test
    void thousandThreads_waitingForOneRead_readOnce() throws Exception {
        try (TestKeys patient = new TestKeys(service.memory(), service.clock(), settings -> {})) {
            holdReads(patient);
            Thread opener = new Thread(() -> {
                await().atMost(Duration.ofSeconds(20)).until(() -> waitingThreads() >= 900);
                goOn.countDown();
            });
            opener.start();

            List<Race.Outcome<Verification>> answers = Race.run(1_000, () -> patient.verify(issued));
            opener.join();

            assertThat(answers).allMatch(answer -> answer.value() instanceof Verification.Accepted);
            assertThat(patient.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);
            assertThat(patient.keys().stats().loads()).isEqualTo(1);
        }
    }

    @RepeatedTest(20)
    void manyThreads_onAFastStore_readOnce() throws Exception {
        List<Race.Outcome<Verification>> answers = Race.run(200, () -> service.verify(issued));

        assertThat(answers).allMatch(answer -> answer.value() instanceof Verification.Accepted);
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);
    }

    @Test
    void waiting_forAReadThatHangs_endsWithUnavailable() throws Exception {
        holdReads(service);
        Thread reader = new Thread(() -> service.verify(issued));
        reader.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();

        assertThatThrownBy(() -> service.verify(issued)).isInstanceOf(StoreUnavailableException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(190), Duration.ofSeconds(5));
        goOn.countDown();
        reader.join();
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);
    }

    @Test
    void waiting_interrupted_endsWithUnavailable_andKeepsTheFlag() throws Exception {
        holdReads(service);
        Thread reader = new Thread(() -> service.verify(issued));
        reader.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> service.verify(issued)).isInstanceOf(StoreUnavailableException.class);

        assertThat(Thread.interrupted()).isTrue();
        goOn.countDown();
        reader.join();
    }

    @Test
    void failedRead_failsThoseWhoWait_andIsNotRemembered() throws Exception {
        service.store().before(StoreCall.FIND_CREDENTIAL, arguments -> {
            reading.countDown();
            awaitUninterruptibly();
            throw new StoreUnavailableException("down");
        });
        Thread opener = new Thread(() -> {
            await().atMost(Duration.ofSeconds(20)).until(() -> waitingThreads() >= 1);
            goOn.countDown();
        });
        opener.start();

        List<Race.Outcome<Verification>> answers = Race.run(10, () -> service.verify(issued));
        opener.join();

        assertThat(answers).allMatch(answer -> answer.failure() instanceof StoreUnavailableException);
        service.store().heal();
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void otherKeys_areReadWhileOneReadHangs() throws Exception {
        IssuedKey other = service.issue();
        service.store().before(StoreCall.FIND_CREDENTIAL, arguments -> {
            if (issued.key().publicId().equals(arguments[0])) {
                reading.countDown();
                awaitUninterruptibly();
            }
        });
        Thread reader = new Thread(() -> service.verify(issued));
        reader.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(service.verify(other)).isInstanceOf(Verification.Accepted.class);

        goOn.countDown();
        reader.join();
    }

    private void holdReads(TestKeys of) {
        of.store().before(StoreCall.FIND_CREDENTIAL, arguments -> {
            reading.countDown();
            awaitUninterruptibly();
        });
    }

    private void awaitUninterruptibly() {
        try {
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static long waitingThreads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> List.of(stack).stream()
                        .anyMatch(frame -> frame.getClassName().equals(SingleFlight.class.getName())
                                && frame.getMethodName().equals("await")))
                .count();
    }
}
