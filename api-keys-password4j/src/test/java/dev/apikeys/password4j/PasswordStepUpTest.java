package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

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
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
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
                "{bcrypt}$2a$10$x",
                "{noop}correct horse battery staple",
                "{noop}$2a$10$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "{scrypt}$2a$10$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "{bcrypt}{bcrypt}$2a$10$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "{pbkdf2}00",
                "{pbkdf2}zz",
                "{pbkdf2}",
                "{}",
                "{",
                "}",
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
    void lookup_thatThrowsACheckedException_isUnavailable() {
        assertThat(new PasswordStepUp(user -> PasswordStepUpTest.<Optional<String>, RuntimeException>undeclared(
                                new IOException("as Kotlin throws it")))
                        .prove("alice", Password.of(RIGHT)))
                .isEqualTo(Result.UNAVAILABLE);
    }

    /** Throws what Kotlin, Scala and Groovy let anybody throw. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T undeclared(Exception failure) throws E {
        throw (E) failure;
    }

    @Test
    void bulkhead_whenFull_isBusy_andServesAgainLater() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        Semaphore places = new Semaphore(0);
        PasswordStepUp stepUp = new PasswordStepUp(
                user -> Optional.of(stored), new Password4jHashing(), new CheckTurns(places), Duration.ofMillis(1));
        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.BUSY);
        assertThat(stepUp.patience(Duration.ZERO).prove("alice", Password.of(RIGHT)))
                .isEqualTo(Result.BUSY);

        places.release();

        for (int i = 0; i < 3; i++) {
            assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.PROVEN);
            assertThat(stepUp.prove("alice", Password.of("wrong"))).isEqualTo(Result.WRONG);
        }
        assertThat(places.availablePermits()).isEqualTo(1);
    }

    /** Right passwords in numbers wait for each other instead of being told that somebody else is away. */
    @Test
    void rightPasswords_manyAtOnce_areAllProven() throws Exception {
        String stored = ordinaryHash();
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));
        ExecutorService threads = Executors.newFixedThreadPool(44);
        try {
            List<Callable<Result>> calls = Collections.nCopies(44, () -> stepUp.prove("alice", Password.of(RIGHT)));
            for (Future<Result> result : threads.invokeAll(calls)) {
                assertThat(result.get()).isEqualTo(Result.PROVEN);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * As applications usually store it, of cost 10; on a slow machine of a lower one, where 44 of them would take longer than
     * anybody has patience.
     */
    private static String ordinaryHash() {
        String stored;
        int cost = 11;
        long nanos;
        do {
            cost--;
            long start = System.nanoTime();
            stored = BcryptFunction.getInstance(Bcrypt.B, cost).hash(RIGHT).getResult();
            nanos = System.nanoTime() - start;
        } while (cost > 4 && nanos > 80_000_000);
        return stored;
    }

    /** The queue has an end, so that checks can't take all threads of a server. */
    @Test
    void queue_whenFull_isBusyAtOnce() throws Exception {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        Semaphore places = new Semaphore(0, true);
        PasswordStepUp stepUp = new PasswordStepUp(
                user -> Optional.of(stored), new Password4jHashing(), new CheckTurns(places), Duration.ofMinutes(5));
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            List<Future<Result>> waiting = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                waiting.add(threads.submit(() -> stepUp.prove("alice", Password.of(RIGHT))));
            }
            await().until(() -> places.getQueueLength() == 64);

            assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.BUSY);

            places.release(2);
            for (Future<Result> result : waiting) {
                assertThat(result.get()).isEqualTo(Result.PROVEN);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** As the reference of Spring Security prints them, and as Password4j makes them; the password is "password". */
    static Stream<String> springHashes() {
        String password = "password";
        String argon2 = Argon2Function.getInstance(4096, 3, 1, 32, Argon2.ID)
                .hash(password)
                .getResult();
        return Stream.of(
                "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
                "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
                "{scrypt}$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw=="
                        + "$OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=",
                "{argon2}" + argon2,
                "{argon2@SpringSecurity_v5_8}" + argon2,
                "{pbkdf2@SpringSecurity_v5_8}" + pbkdf2(password));
    }

    /** As Spring Security 5.8 makes it by default. */
    private static String pbkdf2(String password) {
        byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, 310_000, 256);
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return HexFormat.of().formatHex(salt) + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @ParameterizedTest
    @MethodSource("springHashes")
    void storedHash_withThePrefixOfSpringSecurity_isUnderstood(String stored) {
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));

        assertThat(stepUp.prove("alice", Password.of("password"))).isEqualTo(Result.PROVEN);
        assertThat(stepUp.prove("alice", Password.of("Password"))).isEqualTo(Result.WRONG);
    }

    @Test
    void patience_negative_isRefused() {
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepUp.patience(Duration.ofMillis(-1)))
                .withMessageContaining("PT-0.001S");
    }

    /** The usual ways to write "for ever". */
    @Test
    void patience_withoutEnd_isKept() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        for (Duration forEver : List.of(Duration.ofSeconds(Long.MAX_VALUE), ChronoUnit.FOREVER.getDuration())) {
            PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored)).patience(forEver);

            assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.PROVEN);
        }
    }

    @Test
    void bulkhead_givesThePlaceBack_afterAHashThatCannotBeRead() {
        Semaphore places = new Semaphore(1);
        PasswordStepUp stepUp = new PasswordStepUp(
                user -> Optional.of("garbage"), new Password4jHashing(), new CheckTurns(places), Duration.ZERO);

        stepUp.prove("alice", Password.of(RIGHT));
        stepUp.prove("alice", Password.of(RIGHT));

        assertThat(places.availablePermits()).isEqualTo(1);
    }

    @Test
    void waiting_interrupted_isBusy_andKeepsTheFlag() {
        String stored = BcryptFunction.getInstance(Bcrypt.B, 4).hash(RIGHT).getResult();
        PasswordStepUp stepUp = new PasswordStepUp(
                user -> Optional.of(stored),
                new Password4jHashing(),
                new CheckTurns(new Semaphore(0)),
                Duration.ofSeconds(20));

        Thread.currentThread().interrupt();

        assertThat(stepUp.prove("alice", Password.of(RIGHT))).isEqualTo(Result.BUSY);
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
