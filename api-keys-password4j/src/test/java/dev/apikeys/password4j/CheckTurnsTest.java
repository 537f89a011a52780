package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.spi.StepUp.Result;
import dev.apikeys.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threat T13, of passwords: one user's checks leave places for the others, and a hash takes as many cores as it uses. */
@Tag("tr-skip") // Waiting knows no locale.
class CheckTurnsTest {
    private static final String BCRYPT =
            BcryptFunction.getInstance(Bcrypt.B, 4).hash("right").getResult();

    private final GatedHashing hashing = new GatedHashing();
    private final Semaphore cores = new Semaphore(4, true);
    private final CheckTurns turns = new CheckTurns(cores);

    private PasswordStepUp stepUp(String hash) {
        return new PasswordStepUp(user -> Optional.of(hash), hashing, turns, Duration.ofMinutes(1));
    }

    private static String argon2(int lanes) {
        return Argon2Function.getInstance(8 * lanes, 1, lanes, 32, Argon2.ID)
                .hash("right")
                .getResult();
    }

    private static FutureTask<Result> started(PasswordStepUp stepUp, String user, String password) {
        FutureTask<Result> task = new FutureTask<>(() -> stepUp.prove(user, Password.of(password)));
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void checks_ofOneUser_howeverMany_leavePlacesForOthers() throws Exception {
        PasswordStepUp stepUp = stepUp(BCRYPT);
        cores.acquire(4);
        List<FutureTask<Result>> wrong = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            wrong.add(started(stepUp, "mallory", "wrong"));
        }
        await().until(() -> cores.getQueueLength() == 64);

        assertThat(stepUp.prove("mallory", Password.of("wrong"))).isEqualTo(Result.BUSY);
        List<FutureTask<Result>> others = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            others.add(started(stepUp, "user" + i, "right"));
        }
        await().until(() -> cores.getQueueLength() == 80);
        assertThat(stepUp.prove("alice", Password.of("right"))).isEqualTo(Result.BUSY);

        cores.release(4);
        for (FutureTask<Result> one : others) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(Result.PROVEN);
        }
        for (FutureTask<Result> one : wrong) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(Result.WRONG);
        }
    }

    @Test
    void users_whoseChecksEnded_areForgotten() {
        PasswordStepUp broken = new PasswordStepUp(user -> Optional.of("garbage"), hashing, turns, Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            assertThat(stepUp(BCRYPT).prove("user" + i, Password.of("wrong"))).isEqualTo(Result.WRONG);
            assertThat(broken.prove("other" + i, Password.of("wrong"))).isEqualTo(Result.UNAVAILABLE);
        }
        assertThat(turns.users()).isZero();
        assertThat(cores.availablePermits()).isEqualTo(4);
    }

    @Test
    void argon2_ofSeveralLanes_takesAsManyCores() throws Exception {
        Gate gate = hashing.hold();
        FutureTask<Result> three = started(stepUp(argon2(3)), "alice", "right");
        gate.awaitReached();
        assertThat(cores.availablePermits()).isEqualTo(1);

        gate.open();
        assertThat(three.get(30, TimeUnit.SECONDS)).isEqualTo(Result.PROVEN);
        assertThat(cores.availablePermits()).isEqualTo(4);
    }

    @Test
    void argon2_ofMoreLanesThanCores_takesThemAll_andIsProven() throws Exception {
        Gate gate = hashing.hold();
        FutureTask<Result> nine = started(stepUp(argon2(9)), "alice", "right");
        gate.awaitReached();
        assertThat(cores.availablePermits()).isZero();

        gate.open();
        assertThat(nine.get(30, TimeUnit.SECONDS)).isEqualTo(Result.PROVEN);
        assertThat(cores.availablePermits()).isEqualTo(4);
    }

    @Test
    void threads_areTheLanesOfArgon2_andOneForTheOthers() {
        Password4jHashing real = new Password4jHashing();
        assertThat(real.threads(argon2(3))).isEqualTo(3);
        assertThat(real.threads(BCRYPT)).isEqualTo(1);
        assertThat(real.threads("garbage")).isEqualTo(1);
    }
}
