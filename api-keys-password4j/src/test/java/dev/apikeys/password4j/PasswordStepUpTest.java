package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import com.password4j.types.Hmac;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.spi.StepUp.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordStepUpTest {
    private static final String RIGHT = "correct horse battery staple";

    /** As cheap as each function allows: the test is about which one is chosen. */
    static Stream<Arguments> functions() {
        return Stream.of(
                Arguments.of("argon2id", Argon2Function.getInstance(16, 1, 1, 32, Argon2.ID)),
                Arguments.of("argon2i", Argon2Function.getInstance(16, 1, 1, 32, Argon2.I)),
                Arguments.of("argon2d", Argon2Function.getInstance(16, 1, 1, 32, Argon2.D)),
                Arguments.of("argon2id in two lanes", Argon2Function.getInstance(32, 2, 2, 16, Argon2.ID)),
                Arguments.of("bcrypt 2a", BcryptFunction.getInstance(Bcrypt.A, 4)),
                Arguments.of("bcrypt 2b", BcryptFunction.getInstance(Bcrypt.B, 4)),
                Arguments.of("bcrypt 2y", BcryptFunction.getInstance(Bcrypt.Y, 4)),
                Arguments.of("scrypt", ScryptFunction.getInstance(16, 8, 1)),
                Arguments.of("pbkdf2 sha256", CompressedPBKDF2Function.getInstance(Hmac.SHA256, 1_000, 256)),
                Arguments.of("pbkdf2 sha512", CompressedPBKDF2Function.getInstance(Hmac.SHA512, 1_000, 512)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void password_isProvenAgainstTheStoredHash_whateverMadeIt(String name, HashingFunction function) {
        String stored = function.hash(RIGHT).getResult();
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));

        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.PROVEN);
        for (String wrong : List.of(RIGHT + " ", "Correct horse battery staple", "x", "\u0000", stored)) {
            assertThat(stepUp.prove("alice", Password.of(wrong))).as(wrong).isEqualTo(Result.WRONG);
        }
    }

    @Test
    void password_isProvenForItsUserAlone() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        PasswordStepUp stepUp =
                new PasswordStepUp(user -> user.equals("alice") ? Optional.of(stored) : Optional.empty());

        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.PROVEN);
        assertThat(stepUp.prove("Alice", Password.of(RIGHT))).isEqualTo(Result.WRONG);
        assertThat(stepUp.prove("bob", Password.of(RIGHT))).isEqualTo(Result.WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void userWithoutHash_hasNoPassword(String stored) {
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));

        assertThat(stepUp.prove("alice", Password.of(""))).isEqualTo(Result.WRONG);
        assertThat(stepUp.prove("alice", Password.of(stored))).isEqualTo(Result.WRONG);
        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.WRONG);
    }

    @Test
    void password_emptyOrOverlong_isWrongWithoutAnyWork() {
        PasswordStepUp stepUp = new PasswordStepUp(user -> {
            throw new AssertionError("asked for the hash");
        });

        assertThat(stepUp.prove("alice", Password.of(""))).isEqualTo(Result.WRONG);
        assertThat(stepUp.prove("alice", Password.of("x".repeat(1_025)))).isEqualTo(Result.WRONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "$",
                "$$$",
                "$$$$",
                "plain password",
                "5f4dcc3b5aa765d61d8327deb882cf99",
                "{bcrypt}$2a$10$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "$argon2id$",
                "$argon2id$v=19$m=x,t=1,p=1$c2FsdA$aGFzaA",
                "$argon2id$v=19$m=16,t=1,p=1$!!!$!!!",
                "$argon2id$v=19$m=-1,t=-1,p=-1$c2FsdHNhbHQ$aGFzaGhhc2g",
                "$argon2x$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
                "$2a$",
                "$2a$04$",
                "$2a$99$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "$2a$xx$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "$6$salt$hash",
                "$zz$salt$hash",
                "$1$x$salt$hash",
                "$9$4294967552$c2FsdA==$aGFzaA==",
                "$3$0$c2FsdA==$aGFzaA=="
            })
    void storedHash_thatIsNone_provesNothing(String stored) {
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));

        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isIn(Result.UNAVAILABLE, Result.WRONG);
        assertThat(stepUp.prove("alice", Password.of(stored))).isIn(Result.UNAVAILABLE, Result.WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "plain password", "$argon2id$", "$2a$04$", "{bcrypt}$2a$10$x", "$6$salt$hash"})
    void storedHash_thatCannotBeRead_isUnavailableAndNotWrong(String stored) {
        assertThat(new PasswordStepUp(user -> Optional.of(stored)).prove("alice", Password.of(RIGHT)))
                .isEqualTo(Result.UNAVAILABLE);
    }

    @Test
    void lookup_thatFails_isUnavailable() {
        assertThat(new PasswordStepUp(user -> {
                            throw new IllegalStateException("no directory");
                        })
                        .prove("alice", Password.of(RIGHT)))
                .isEqualTo(Result.UNAVAILABLE);
    }

    @Test
    void bulkhead_whenFull_isUnavailable_andServesAgainLater() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        Semaphore places = new Semaphore(0);
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored), places, Duration.ofMillis(1));
        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.UNAVAILABLE);

        places.release();

        for (int i = 0; i < 3; i++) {
            assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.PROVEN);
            assertThat(stepUp.prove("alice", Password.of("wrong"))).isEqualTo(Result.WRONG);
        }
        assertThat(places.availablePermits()).isEqualTo(1);
    }

    @Test
    void bulkhead_givesThePlaceBack_afterAHashThatCannotBeRead() {
        Semaphore places = new Semaphore(1);
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of("garbage"), places, Duration.ZERO);

        stepUp.prove("alice", Password.of(RIGHT));
        stepUp.prove("alice", Password.of(RIGHT));

        assertThat(places.availablePermits()).isEqualTo(1);
    }

    @Test
    void waiting_interrupted_isUnavailable_andKeepsTheFlag() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        PasswordStepUp stepUp =
                new PasswordStepUp(user -> Optional.of(stored), new Semaphore(0), Duration.ofSeconds(20));

        Thread.currentThread().interrupt();

        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.UNAVAILABLE);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void password_asText_isStars_andComparesByValue() {
        assertThat(Password.of(RIGHT))
                .hasToString("***")
                .isEqualTo(Password.of(RIGHT))
                .hasSameHashCodeAs(Password.of("other"))
                .isNotEqualTo(Password.of(RIGHT + "x"))
                .isNotEqualTo(RIGHT);
    }
}
