package dev.apikeys.password4j;

import dev.apikeys.ImportedToken;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Race;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.TestService;
import dev.apikeys.Verification;

import static dev.apikeys.password4j.ImportedKeyTest.SECRET;
import static dev.apikeys.password4j.ImportedKeyTest.TOKEN;
import static dev.apikeys.password4j.ImportedKeyTest.WRONG;
import static dev.apikeys.password4j.ImportedKeyTest.format;
import static dev.apikeys.password4j.ImportedKeyTest.hash;
import static dev.apikeys.password4j.ImportedKeyTest.token;
import static dev.apikeys.TestService.rejected;
import static dev.apikeys.TestService.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.ImportedTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threat T13, many threads at once before an imported key was seen by this node. */
@Tag("tr-skip") // Waiting knows no locale.
class ImportedKeyFloodTest {
    private final Semaphore cores = new Semaphore(1, true);

    @Test
    void firstVerifications_atTheSameMoment_needOneSlowHash() throws Exception {
        try (TestService service = new TestService()) {
            service.keys.importKey(spec(), token());
            // One permit in all, given back to nobody: a second slow hash would not end in time.
            Semaphore once = new Semaphore(1, true) {
                @Override
                public void release() {
                    // Whoever comes later must find a fingerprint.
                }
            };
            try (TestService other = new TestService(service.memory, service.time, settings -> {
                settings.tokenFormat(format(ImportedTokens.separated("acme_", '.')));
                settings.coresForSlowHashes = once;
            })) {
                assertThat(Race.run(4, () -> other.keys.verify(TOKEN)))
                        .allMatch(outcome -> outcome.value() instanceof Verification.Accepted);
            }
        }
    }

    @Test
    @Timeout(60)
    void flood_ofWrongSecretsForAKey_holdsFewThreadsAndNoOtherKey() throws Exception {
        try (TestService patient = patient()) {
            patient.keys.importKey(spec(), token());
            IssuedKey own = patient.issue();
            assertThat(patient.keys.verify(WRONG)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            cores.drainPermits();
            List<FutureTask<Verification>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(waiting(() -> patient.keys.verify(WRONG)));
            }
            assertThat(cores.getQueueLength())
                    .as("the others wait for their turn")
                    .isEqualTo(1);

            assertThatThrownBy(() -> patient.keys.verify(WRONG)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> patient.keys.verify(TOKEN)).isInstanceOf(StoreUnavailableException.class);
            assertThat(patient.verify(own)).isInstanceOf(Verification.Accepted.class);

            cores.release();
            for (FutureTask<Verification> one : waiting) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            assertThat(patient.keys.verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    @Timeout(60)
    void flood_ofWrongSecretsForManyKeys_holdsThirtyTwoThreads() throws Exception {
        try (TestService patient = patient()) {
            for (int i = 0; i < 33; i++) {
                patient.keys.importKey(
                        KeySpec.forUser("user" + i, "org_1").named("CRM").mode(Mode.READ),
                        ImportedToken.of("key" + i, hash(SECRET)));
                assertThat(patient.keys.verify("acme_key" + i + ".wrong"))
                        .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            cores.drainPermits();
            List<FutureTask<Verification>> waiting = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String wrong = "acme_key" + i + ".wrong";
                waiting.add(waiting(() -> patient.keys.verify(wrong)));
            }

            assertThatThrownBy(() -> patient.keys.verify("acme_key32." + SECRET))
                    .isInstanceOf(StoreUnavailableException.class);

            cores.release();
            for (FutureTask<Verification> one : waiting) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            assertThat(patient.keys.verify("acme_key32." + SECRET)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void turn_thatDoesntComeInTime_isUnavailableAndNoVerdict() {
        try (TestService impatient = waitingFor(Duration.ofMillis(50))) {
            impatient.keys.importKey(spec(), token());
            cores.drainPermits();
            assertThatThrownBy(() -> impatient.keys.verify(TOKEN)).isInstanceOf(StoreUnavailableException.class);
            cores.release();
            assertThat(impatient.keys.verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void thread_interruptedWhileItWaits_staysInterrupted() throws Exception {
        try (TestService patient = patient()) {
            patient.keys.importKey(spec(), token());
            cores.drainPermits();
            FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> patient.keys.verify(TOKEN)).isInstanceOf(StoreUnavailableException.class);
                return Thread.currentThread().isInterrupted();
            });
            new Thread(interrupted).start();
            assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private TestService patient() {
        return waitingFor(Duration.ofSeconds(50));
    }

    private TestService waitingFor(Duration maxWait) {
        return new TestService(settings -> {
            settings.tokenFormat(format(ImportedTokens.separated("acme_", '.')));
            settings.coresForSlowHashes = cores;
            settings.loadTimeout = maxWait;
        });
    }

    /** A thread with this step, once it waits; the key must be cached, so that there is but one thing to wait for. */
    private static <T> FutureTask<T> waiting(Callable<T> step) {
        FutureTask<T> task = new FutureTask<>(step);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(task).isNotDone();
            Thread.onSpinWait();
        }
        return task;
    }
}
