package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a verification waits for has a time-out of its own each. */
@Tag("tr-skip") // Waiting knows no locale.
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Gate gate = new Gate();

    static Stream<BiFunction<KeyServiceBuilder, Duration, KeyServiceBuilder>> timeouts() {
        return Stream.of(
                KeyServiceBuilder::loadTimeout,
                KeyServiceBuilder::ownerDirectoryTimeout,
                KeyServiceBuilder::passwordHashingTimeout);
    }

    @ParameterizedTest
    @MethodSource("timeouts")
    void timeout_isAMillisecondToAMinute(BiFunction<KeyServiceBuilder, Duration, KeyServiceBuilder> timeout) {
        KeyServiceBuilder builder = KeyService.builder(new InMemoryApiKeyStore());
        for (Duration allowed : new Duration[] {Duration.ofMillis(1), LONG}) {
            assertThat(timeout.apply(builder, allowed)).isSameAs(builder);
        }
        for (Duration wrong : new Duration[] {Duration.ZERO, SHORT.negated(), LONG.plusNanos(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> timeout.apply(builder, wrong))
                    .withMessageContaining("time-out");
        }
        assertThatNullPointerException().isThrownBy(() -> timeout.apply(builder, null));
    }

    @Test
    void load_ofAnother_isWaitedForUntilItsTimeout() throws Exception {
        try (TestKeys service = new TestKeys(settings ->
                settings.loadTimeout(SHORT).ownerDirectoryTimeout(LONG).passwordHashingTimeout(LONG))) {
            IssuedKey issued = service.issue();
            service.store().before(StoreCall.FIND_CREDENTIAL, arguments -> gate.pass());
            FutureTask<Verification> first = started(() -> service.verify(issued));

            assertThatThrownBy(() -> service.verify(issued)).isInstanceOf(StoreUnavailableException.class);
            thenAccepted(first);
        }
    }

    @Test
    void ownerDirectory_askedByAnother_isWaitedForUntilItsTimeout() throws Exception {
        OwnerDirectory slow = owner -> {
            gate.pass();
            return OwnerDirectory.State.active(Scopes.ALL);
        };
        try (TestKeys issuer = new TestKeys();
                TestKeys service = new TestKeys(
                        issuer.memory(),
                        issuer.clock(),
                        settings -> settings.ownerDirectory(slow)
                                .ownerDirectoryTimeout(SHORT)
                                .loadTimeout(LONG)
                                .passwordHashingTimeout(LONG))) {
            IssuedKey issued = issuer.issue();
            FutureTask<Verification> first = started(() -> service.verify(issued));

            assertThatThrownBy(() -> service.verify(issued)).isInstanceOf(OwnerDirectoryUnavailableException.class);
            thenAccepted(first);
        }
    }

    @Test
    void slowHash_checkedByAnother_isWaitedForUntilItsTimeout() throws Exception {
        try (TestKeys service = importing(SHORT)) {
            service.keys().importKey(spec(), ImportedToken.of("k1", "$slow$right"));
            FutureTask<Verification> first = started(() -> service.keys().verify("acme_k1.right"));

            assertThatThrownBy(() -> service.keys().verify("acme_k1.right"))
                    .isInstanceOf(StoreUnavailableException.class);
            thenAccepted(first);
        }
    }

    @Test
    void wait_forASlowHash_endsWithAnInterrupt_andTheThreadStaysInterrupted() throws Exception {
        try (TestKeys service = importing(LONG)) {
            service.keys().importKey(spec(), ImportedToken.of("k1", "$slow$right"));
            FutureTask<Verification> first = started(() -> service.keys().verify("acme_k1.right"));

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> service.keys().verify("acme_k1.right"))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(Thread.interrupted()).isTrue();
            thenAccepted(first);
        }
    }

    private TestKeys importing(Duration passwordHashingTimeout) {
        return new TestKeys(settings -> settings.passwordHashing(new SlowHashing(gate))
                .tokenFormat(TokenFormat.builder()
                        .alsoAccept(ImportedTokens.separated("acme_", '.'))
                        .build())
                .passwordHashingTimeout(passwordHashingTimeout)
                .loadTimeout(LONG)
                .ownerDirectoryTimeout(LONG));
    }

    private <T> FutureTask<T> started(Callable<T> step) {
        FutureTask<T> task = new FutureTask<>(step);
        new Thread(task).start();
        gate.awaitReached();
        return task;
    }

    private void thenAccepted(FutureTask<Verification> first) throws Exception {
        gate.open();
        assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Verification.Accepted.class);
    }

    /** A hash that is its input, behind a gate. */
    private record SlowHashing(Gate gate) implements PasswordHashing {
        @Override
        public boolean supports(String encoded) {
            return encoded.startsWith("$slow$");
        }

        @Override
        public int maxSecretBytes(String encoded) {
            return 100;
        }

        @Override
        public boolean matches(String secret, String encoded) {
            gate.pass();
            return encoded.equals("$slow$" + secret);
        }
    }
}
