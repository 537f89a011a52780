package dev.apikeys.password4j;

import static dev.apikeys.password4j.ImportedKeyTest.SECRET;
import static dev.apikeys.password4j.ImportedKeyTest.TOKEN;
import static dev.apikeys.password4j.ImportedKeyTest.WRONG;
import static dev.apikeys.password4j.ImportedKeyTest.format;
import static dev.apikeys.password4j.ImportedKeyTest.hash;
import static dev.apikeys.password4j.ImportedKeyTest.token;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ImportedToken;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threat T13, many threads at once before an imported key was seen by this node. */
@Tag("tr-skip") // Waiting knows no locale.
class ImportedKeyFloodTest {
    /** How many checks may run at once. */
    private static final int CORES = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final GatedHashing hashing = new GatedHashing();

    @Test
    void firstVerifications_atTheSameMoment_needOneSlowHash() throws Exception {
        try (TestKeys service = patient();
                TestKeys other = new TestKeys(service.memory(), service.clock(), this::patiently)) {
            service.keys().importKey(spec(), token());

            assertThat(Race.run(4, () -> other.keys().verify(TOKEN)))
                    .allMatch(outcome -> outcome.value() instanceof Verification.Accepted);

            assertThat(hashing.checks()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void flood_ofWrongSecretsForAKey_holdsFewThreadsAndNoOtherKey() throws Exception {
        try (TestKeys patient = patient()) {
            patient.keys().importKey(spec(), token());
            IssuedKey own = patient.issue();
            assertThat(patient.keys().verify(WRONG)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            Gate gate = hashing.hold();
            List<FutureTask<Verification>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(waiting(() -> patient.keys().verify(WRONG)));
            }
            assertThat(hashing.checks()).as("the others wait for their turn").isEqualTo(2);

            assertThatThrownBy(() -> patient.keys().verify(WRONG)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> patient.keys().verify(TOKEN)).isInstanceOf(StoreUnavailableException.class);
            assertThat(patient.verify(own)).isInstanceOf(Verification.Accepted.class);

            gate.open();
            for (FutureTask<Verification> one : waiting) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            assertThat(patient.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    @Timeout(60)
    void flood_ofWrongSecretsForManyKeys_holdsThirtyTwoThreads_andHalfOfTheCores() throws Exception {
        try (TestKeys patient = patient()) {
            importMany(patient, 33);
            int before = hashing.checks();
            Gate gate = hashing.hold();
            List<FutureTask<Verification>> waiting = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String wrong = "acme_key" + i + ".wrong";
                waiting.add(waiting(() -> patient.keys().verify(wrong)));
            }

            assertThatThrownBy(() -> patient.keys().verify("acme_key32." + SECRET))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(hashing.checks() - before).isEqualTo(Math.min(32, CORES));

            gate.open();
            for (FutureTask<Verification> one : waiting) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            assertThat(patient.keys().verify("acme_key32." + SECRET)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    @Timeout(60)
    void turn_thatDoesntComeInTime_isUnavailableAndNoVerdict() throws Exception {
        try (TestKeys impatient = waitingFor(Duration.ofMillis(50))) {
            importMany(impatient, CORES + 1);
            Gate gate = hashing.hold();
            List<FutureTask<Verification>> holding = new ArrayList<>();
            for (int i = 0; i < CORES; i++) {
                String right = "acme_key" + i + "." + SECRET;
                holding.add(waiting(() -> impatient.keys().verify(right)));
                gate.awaitReached();
            }
            // The key of the first is being checked, and the other one finds no core.
            for (String right : List.of("acme_key0." + SECRET, "acme_key" + CORES + "." + SECRET)) {
                assertThatThrownBy(() -> impatient.keys().verify(right)).isInstanceOf(StoreUnavailableException.class);
            }

            gate.open();
            for (FutureTask<Verification> one : holding) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isInstanceOf(Verification.Accepted.class);
            }
            assertThat(impatient.keys().verify("acme_key" + CORES + "." + SECRET))
                    .isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void thread_interruptedWhileItWaits_staysInterrupted() throws Exception {
        try (TestKeys patient = patient()) {
            patient.keys().importKey(spec(), token());
            Gate gate = hashing.hold();
            FutureTask<Verification> holding = waiting(() -> patient.keys().verify(TOKEN));
            FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> patient.keys().verify(TOKEN)).isInstanceOf(StoreUnavailableException.class);
                return Thread.currentThread().isInterrupted();
            });
            new Thread(interrupted).start();
            assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
            gate.open();
            assertThat(holding.get(30, TimeUnit.SECONDS)).isInstanceOf(Verification.Accepted.class);
        }
    }

    /** Keys key0, key1 …, each cached, so that there is but one thing to wait for. */
    private static void importMany(TestKeys service, int keys) {
        for (int i = 0; i < keys; i++) {
            service.keys()
                    .importKey(
                            KeySpec.forUser("user" + i, "org_1").named("CRM").mode(Mode.READ),
                            ImportedToken.of("key" + i, hash(SECRET)));
            assertThat(service.keys().verify("acme_key" + i + ".wrong")).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    private TestKeys patient() {
        return new TestKeys(this::patiently);
    }

    private void patiently(KeyServiceBuilder settings) {
        configure(settings, Duration.ofSeconds(50));
    }

    private TestKeys waitingFor(Duration maxWait) {
        return new TestKeys(settings -> configure(settings, maxWait));
    }

    private void configure(KeyServiceBuilder settings, Duration maxWait) {
        settings.tokenFormat(format(ImportedTokens.separated("acme_", '.')))
                .passwordHashing(hashing)
                .passwordHashingTimeout(maxWait);
    }

    /** A thread with this step, once it waits. */
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
