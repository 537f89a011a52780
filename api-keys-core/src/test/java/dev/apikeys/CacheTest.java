package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class CacheTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void cachedKey_isVerifiedWithoutTheStore_andWithoutAWrite() {
        service.verify(issued);
        service.store().forgetCalls();
        int directoryCalls = service.owners().calls();

        for (int i = 0; i < 10_000; i++) {
            assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
            service.keys().verify(wrongSecret(issued));
        }

        assertThat(service.store().allCalls()).isZero();
        assertThat(service.owners().calls()).isEqualTo(directoryCalls);
    }

    @Test
    @Tag("tr-skip") // Bytes are the same in every locale.
    void cachedVerification_allocatesAtMostSixtyFourBytes(TestReporter reporter) {
        String token = issued.token().reveal();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int calls = 20_000;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < calls; i++) {
                service.keys().verify(token);
            }
            least = Math.min(least, (threads.getThreadAllocatedBytes(thread) - before) / calls);
        }
        reporter.publishEntry("bytes per cached verification", String.valueOf(least));
        assertThat(least).isLessThanOrEqualTo(64);
    }

    @Test
    void principal_isBuiltOnceForAllRequests() {
        KeyPrincipal first = service.verify(issued).orElseThrow();

        assertThat(service.verify(issued).orElseThrow()).isSameAs(first);
        service.clock().advance(Duration.ofSeconds(20));
        assertThat(service.verify(issued).orElseThrow()).isSameAs(first);
    }

    @Test
    void keys_alikeInTheirGrantAlone_shareTheirScopes() {
        IssuedKey one =
                service.keys().issue(TestKeys.spec().scopes("read:systems").with(KeyOptions.DEFAULT.labelled("one")));
        IssuedKey other =
                service.keys().issue(TestKeys.spec().scopes("read:systems").with(KeyOptions.DEFAULT.labelled("other")));

        assertThat(service.verify(one).orElseThrow().scopes())
                .isSameAs(service.verify(other).orElseThrow().scopes());
    }

    @Test
    void unknownId_isLookedUpOnceInTenSeconds() {
        String unknown = unknownToken(1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(service.keys().verify(unknown)).isEqualTo(rejected(Rejection.UNKNOWN));
        }
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);

        service.clock().advance(Duration.ofSeconds(10));
        service.keys().verify(unknown);
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(2);
    }

    @Test
    @Tag("tr-skip") // No text is folded or formatted here.
    void flood_ofUnknownIds_pushesNoKeyOut_andIsBounded() {
        KeyPolicy many = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, 100);
        try (TestKeys small = new TestKeys(settings -> settings.cachedKeys(100).policy(many))) {
            List<IssuedKey> known = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                known.add(small.keys()
                        .issue(KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ)));
            }
            known.forEach(small::verify);

            int flood = 60_000;
            for (int i = 0; i < flood; i++) {
                small.keys().verify(unknownToken(i));
            }
            small.store().forgetCalls();
            known.forEach(small::verify);
            assertThat(small.store().calls(StoreCall.FIND_CREDENTIAL))
                    .as("keys pushed out")
                    .isZero();

            for (int i = 0; i < flood; i++) {
                small.keys().verify(unknownToken(i));
            }
            assertThat(small.store().calls(StoreCall.FIND_CREDENTIAL))
                    .as("unknown ids looked up again; the others were remembered")
                    .isGreaterThan(flood - 20_000);
        }
    }

    @Test
    void knownKeys_overTheBound_areLoadedAgain() {
        try (TestKeys small = new TestKeys(settings -> settings.cachedKeys(1))) {
            List<IssuedKey> keys = List.of(small.issue(), small.issue(), small.issue());
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                keys.forEach(key -> assertThat(small.verify(key)).isInstanceOf(Verification.Accepted.class));
                return small.store().calls(StoreCall.FIND_CREDENTIAL) > 3;
            });
        }
    }

    @Test
    void everyLifecycleChange_makesTheKeyBeReadAgain() {
        List<Consumer<KeyRef>> changes = List.of(
                key -> service.keys().update(key, KeyUpdate.nothing().named("other"), ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing().mode(Mode.READ), ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing().allowedFrom("10.0.0.0/8"), ACTOR),
                key -> service.keys().pause(key, ACTOR),
                key -> service.keys().resume(key, ACTOR),
                key -> service.keys().rotate(key, ACTOR),
                key -> service.keys().revoke(key, ACTOR, ""));
        for (Consumer<KeyRef> change : changes) {
            service.verify(issued);
            service.store().forgetCalls();
            service.verify(issued);
            assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isZero();

            change.accept(ref(issued));

            service.verify(issued);
            assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);
        }
    }

    @Test
    void idCachedAsUnknown_isFoundAfterTenSeconds() {
        // An id that is cached as unknown gets a key: possible only where somebody restores or imports rows.
        String token = issued.token().reveal();
        try (TestKeys other = new TestKeys(new InMemoryApiKeyStore(), service.clock(), settings -> {})) {
            assertThat(other.keys().verify(token)).isEqualTo(rejected(Rejection.UNKNOWN));
            var credential =
                    service.memory().findCredential(issued.key().publicId()).orElseThrow();
            other.memory().insert(SampleKey.toAdd(issued.key(), credential.hash()));

            assertThat(other.keys().verify(token)).isEqualTo(rejected(Rejection.UNKNOWN));
            other.clock().advance(Duration.ofSeconds(10));
            assertThat(other.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void changeWhoseOutcomeIsUnknown_makesTheKeyBeReadAgain() {
        for (RuntimeException failure :
                List.of(new StoreUnavailableException("answer lost"), new IllegalStateException("a store's bug"))) {
            IssuedKey key = service.issue();
            service.verify(key);
            service.store().after(StoreCall.APPLY, arguments -> {
                throw failure;
            });
            try {
                service.keys().revoke(ref(key), ACTOR, "");
            } catch (RuntimeException expected) {
                assertThat(expected).isSameAs(failure);
            }
            service.store().heal();

            assertThat(service.verify(key)).isEqualTo(rejected(Rejection.REVOKED));
        }
    }

    @Test
    void store_thatComparesLoosely_admitsNoOtherId() {
        // As a database with a case-insensitive collation would: whatever is asked for, this key is found.
        var credential =
                service.memory().findCredential(issued.key().publicId()).orElseThrow();
        FaultyStore loose = new FaultyStore();
        loose.answer(StoreCall.FIND_CREDENTIAL, Optional.of(credential));
        try (KeyService keys = KeyService.builder(loose).clock(service.clock()).build()) {
            String token = issued.token().reveal();

            assertThat(keys.verify("myk_" + "0".repeat(24) + token.substring(28)))
                    .isEqualTo(rejected(Rejection.UNKNOWN));
            assertThat(keys.verify(token)).isInstanceOf(Verification.Accepted.class);
        }
    }

    private static String unknownToken(int number) {
        return "myk_" + String.format(Locale.ROOT, "%024x", number) + "." + "0".repeat(48);
    }

    private static String wrongSecret(IssuedKey key) {
        return key.token().reveal().substring(0, 29) + "0".repeat(48);
    }
}
