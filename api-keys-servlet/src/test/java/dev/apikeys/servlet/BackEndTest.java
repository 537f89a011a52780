package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When a back-end is asked, and what its failures come to. */
@Tag("tr-skip") // Waiting knows no locale.
class BackEndTest {
    private static final UUID KEY = new UUID(0, 1);
    private static final CompletableFuture<String> DOWN =
            CompletableFuture.failedFuture(new IllegalStateException("down"));

    private final TestMeter time = new TestMeter();
    private final AtomicInteger asked = new AtomicInteger();
    private CompletableFuture<String> answer = CompletableFuture.completedFuture("yes");
    private final BackEnd<String> backEnd = backEnd(Duration.ofSeconds(10));

    private BackEnd<String> backEnd(Duration timeout) {
        return new BackEnd<>(
                key -> {
                    asked.incrementAndGet();
                    return answer;
                },
                timeout,
                time::currentTimeNanos,
                LoggerFactory.getLogger(BackEndTest.class));
    }

    private int askedIn(int questions) {
        int before = asked.get();
        for (int i = 0; i < questions; i++) {
            backEnd.ask(KEY);
        }
        return asked.get() - before;
    }

    @Test
    void backEnd_thatKeepsFailing_isAskedOnceASecond_untilItAnswers() {
        assertThat(backEnd.ask(KEY)).isEqualTo("yes");
        answer = DOWN;
        assertThat(askedIn(100)).isEqualTo(5);
        time.advance(Duration.ofMillis(999));
        assertThat(askedIn(100)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(askedIn(100)).isEqualTo(1);
        assertThat(backEnd.failures()).isEqualTo(300);

        answer = CompletableFuture.completedFuture("again");
        time.advance(Duration.ofSeconds(1));
        assertThat(backEnd.ask(KEY)).isEqualTo("again");
        assertThat(askedIn(100)).isEqualTo(100);
        assertThat(backEnd.failures()).isEqualTo(300);
    }

    @Test
    void question_thatThrowsACheckedException_hasNoAnswer() {
        BackEnd<String> broken = new BackEnd<>(
                key -> BackEndTest.<CompletableFuture<String>, RuntimeException>undeclared(
                        new IOException("as Kotlin throws it")),
                Duration.ofSeconds(10),
                time::currentTimeNanos,
                LoggerFactory.getLogger(BackEndTest.class));

        assertThat(broken.ask(KEY)).isNull();
        assertThat(broken.failures()).isEqualTo(1);
    }

    /** Throws what Kotlin, Scala and Groovy let anybody throw. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T undeclared(Exception failure) throws E {
        throw (E) failure;
    }

    @Test
    void failures_withAnswersBetween_leaveTheBackEndAsked() {
        for (int i = 0; i < 100; i++) {
            answer = i % 5 == 4 ? CompletableFuture.completedFuture("yes") : DOWN;
            assertThat(askedIn(1)).isEqualTo(1);
        }
        assertThat(backEnd.failures()).isEqualTo(80);
    }

    /** As of a key whose row is locked: its requests would hold all threads of the server. */
    @Test
    void key_aboutWhichNoAnswerComes_isLeftAlone_whileOthersAreAnswered() {
        UUID locked = new UUID(0, 2);
        Set<CompletableFuture<String>> given = new HashSet<>();
        AtomicBoolean unlocked = new AtomicBoolean();
        BackEnd<String> shared = new BackEnd<>(
                key -> {
                    if (unlocked.get() || !key.equals(locked)) {
                        return answer;
                    }
                    CompletableFuture<String> never = new CompletableFuture<>();
                    given.add(never);
                    return never;
                },
                Duration.ofMillis(20),
                time::currentTimeNanos,
                LoggerFactory.getLogger(BackEndTest.class));
        for (int i = 0; i < 50; i++) {
            assertThat(shared.ask(locked)).isNull();
            assertThat(shared.ask(KEY)).isEqualTo("yes");
        }
        assertThat(given).hasSize(5).allMatch(CompletableFuture::isCancelled);
        assertThat(shared.failures()).isEqualTo(50);

        time.advance(Duration.ofSeconds(1));
        assertThat(shared.ask(locked)).isNull();
        assertThat(shared.ask(locked)).isNull();
        assertThat(given).hasSize(6);

        unlocked.set(true);
        assertThat(shared.ask(locked)).isNull();
        time.advance(Duration.ofSeconds(1));
        assertThat(shared.ask(locked)).isEqualTo("yes");
        assertThat(shared.ask(locked)).isEqualTo("yes");
    }

    @Test
    void threads_tryOnceTogether() throws Exception {
        answer = DOWN;
        askedIn(5);
        time.advance(Duration.ofSeconds(1));
        int before = asked.get();
        CyclicBarrier start = new CyclicBarrier(16);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> running = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return backEnd.ask(KEY);
                }));
            }
            for (Future<String> each : running) {
                assertThat(each.get()).isNull();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(asked.get() - before).isEqualTo(1);
    }

    @Test
    void question_thatIsNotAnsweredInTime_isGivenUp() {
        answer = new CompletableFuture<>();
        assertThat(backEnd(Duration.ofMillis(20)).ask(KEY)).isNull();
        assertThat(answer).isCancelled();
    }

    /** A node that lacks classes or memory is no outage of the back-end. */
    @Test
    void error_isThrown() {
        answer = CompletableFuture.failedFuture(new NoClassDefFoundError("x"));
        assertThatThrownBy(() -> backEnd.ask(KEY)).isInstanceOf(NoClassDefFoundError.class);
        assertThat(backEnd.failures()).isZero();
    }

    @Test
    void thread_thatIsInterrupted_waitsNoLonger_andStaysInterrupted() {
        answer = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        assertThat(backEnd.ask(KEY)).isNull();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(backEnd.failures()).isEqualTo(1);
    }

    @Test
    void callers_thatAreInterrupted_sayNothingAboutTheBackEnd() {
        for (int i = 0; i < 10; i++) {
            answer = new CompletableFuture<>();
            Thread.currentThread().interrupt();
            assertThat(backEnd.ask(KEY)).isNull();
            assertThat(Thread.interrupted()).isTrue();
        }
        answer = CompletableFuture.completedFuture("yes");

        assertThat(backEnd.ask(KEY)).isEqualTo("yes");
    }
}
