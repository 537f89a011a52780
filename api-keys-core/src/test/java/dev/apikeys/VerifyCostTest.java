package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a verification may cost, counted and not timed: bytes, hashes, calls of the store. */
@Tag("tr-skip") // Counting knows no locale.
class VerifyCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ClientRequest REQUEST = ClientRequest.from("192.0.2.1");
    private static final int VERIFICATIONS = 20_000;
    private static final int ROUNDS = 15;

    private TestKeys service = new TestKeys();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void cachedKey_allocatesNothing() {
        assertThat(bytesOfAnAcceptedToken(settings -> {})).isZero();
    }

    @Test
    void cachedKey_withAPepper_allocatesNothing() {
        assertThat(bytesOfAnAcceptedToken(settings -> settings.pepper(Pepper.of("p1", new byte[32]))))
                .isZero();
    }

    @Test
    void garbage_allocatesNothing() {
        assertThat(bytesOf("g".repeat(77), Verification.Rejected.class)).isZero();
    }

    @Test
    void scopeOfAPrincipal_isFoundWithoutAllocating() {
        EffectiveScopes scopes = service.verify(service.issue()).orElseThrow().scopes();
        Scope allowed = Scope.parse("read:systems");
        Scope refused = Scope.parse("destroy:systems");
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < VERIFICATIONS; i++) {
                if (!scopes.allows(allowed) || scopes.allows(refused)) {
                    throw new AssertionError("decided wrongly");
                }
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    @Test
    void cachedKey_asksTheStoreNothing() {
        IssuedKey issued = service.issue();
        service.verify(issued);
        service.store().forgetCalls();

        for (int i = 0; i < 100; i++) {
            service.verify(issued);
        }

        assertThat(service.store().allCalls()).isZero();
    }

    @Test
    void keyThatIsNotCached_isLookedUpOnce() {
        IssuedKey issued = service.issue();
        service.store().forgetCalls();

        service.verify(issued);

        assertThat(service.store().allCalls()).isOne();
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isOne();
    }

    @Test
    void hashes_areOneForARightSecret_equalForWrongOnes_andNoneForGarbage() {
        try (CountingSha256 hashes = CountingSha256.install();
                TestKeys counted = new TestKeys()) {
            IssuedKey issued = counted.issue();
            String token = issued.token().reveal();
            String wrong = token.substring(0, 29) + "0".repeat(48);
            String unknown = "myk_" + "0".repeat(24) + token.substring(28);
            counted.verify(issued);
            counted.keys().verify(unknown);

            assertThat(hashes.during(() -> counted.verify(issued)))
                    .as("accepted")
                    .isOne();
            assertThat(hashes.during(() -> counted.keys().verify(wrong)))
                    .as("wrong secret: the fingerprint, and a hash at rest, as for a key that was not used yet")
                    .isEqualTo(2);
            assertThat(hashes.during(() -> counted.keys().verify(unknown)))
                    .as("unknown")
                    .isEqualTo(2);
            assertThat(hashes.during(() -> counted.keys().verify("garbage")))
                    .as("garbage")
                    .isZero();
            counted.keys().revoke(TestKeys.ref(issued), TestKeys.ACTOR, "");
            counted.verify(issued);
            assertThat(hashes.during(() -> counted.verify(issued)))
                    .as("revoked")
                    .isOne();
        }
    }

    private long bytesOfAnAcceptedToken(Consumer<KeyServiceBuilder> settings) {
        service.close();
        service = new TestKeys(settings);
        return bytesOf(service.issue().token().reveal(), Verification.Accepted.class);
    }

    /** The least of several rounds: in the first ones the code is still being compiled. */
    private long bytesOf(String token, Class<? extends Verification> expected) {
        KeyService keys = service.keys();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < VERIFICATIONS; i++) {
                if (!expected.isInstance(keys.verify(token, REQUEST))) {
                    throw new AssertionError("decided wrongly");
                }
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
