package dev.apikeys.password4j;

import static dev.apikeys.password4j.ImportedKeyTest.TOKEN;
import static dev.apikeys.password4j.ImportedKeyTest.format;
import static dev.apikeys.password4j.ImportedKeyTest.hash;
import static dev.apikeys.password4j.ImportedKeyTest.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.spi.StepUp.Result;
import dev.apikeys.testkit.TestKeys;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Threat T13: an Argon2 hash says how much memory it takes. Reading it takes none, and computing it ends no process. */
class HashMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MEBIBYTE = 1_048_576;

    private final GatedHashing hashing = new GatedHashing();

    /** Of 32 MiB. Other parameters than those of every other test, because Password4j keeps the memory. */
    @Test
    void argon2_thatIsOnlyRead_takesNoneOfItsMemory() {
        String hash =
                "$argon2id$v=19$m=32768,t=3,p=3$c29tZXNhbHRzb21lc2FsdA$bUp8F5NevgMfJFd8uCazwLrPIfSiUuII2fAbkwaUZj8";
        Password4jHashing read = new Password4jHashing();
        long before = THREADS.getCurrentThreadAllocatedBytes();

        assertThat(read.supports(hash)).isTrue();
        assertThat(read.maxSecretBytes(hash)).isEqualTo(Integer.MAX_VALUE);

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MEBIBYTE);
    }

    @Test
    void password_forWhichMemoryIsMissing_isUnavailable_andProvenLater() {
        PasswordStepUp stepUp = new PasswordStepUp(
                user -> Optional.of(hash("right")),
                hashing,
                new CheckTurns(new Semaphore(1, true)),
                Duration.ofSeconds(20));
        hashing.memory(GatedHashing.Memory.TOO_LITTLE);
        assertThat(stepUp.prove("alice", Password.of("right"))).isEqualTo(Result.UNAVAILABLE);

        hashing.memory(GatedHashing.Memory.ENOUGH);
        assertThat(stepUp.prove("alice", Password.of("right"))).isEqualTo(Result.PROVEN);
    }

    @Test
    void importedKey_forWhichMemoryIsMissing_isUnavailableAndNoVerdict_andAcceptedLater() {
        try (TestKeys service = new TestKeys(settings ->
                settings.passwordHashing(hashing).tokenFormat(format(ImportedTokens.separated("acme_", '.'))))) {
            service.keys().importKey(TestKeys.spec(), token());
            hashing.memory(GatedHashing.Memory.TOO_LITTLE);
            assertThatThrownBy(() -> service.keys().verify(TOKEN))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage("not enough memory to check an imported key");

            hashing.memory(GatedHashing.Memory.ENOUGH);
            assertThat(service.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
        }
    }
}
