package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat T18: what was read before a change never outlives the change. */
@Tag("tr-skip") // Races know no locale.
class RevocationRaceTest {
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("revoke", Rejection.REVOKED, (keys, ref) -> keys.revoke(ref, ACTOR, "")),
                change("pause", Rejection.PAUSED, (keys, ref) -> keys.pause(ref, ACTOR)),
                change("rotate", Rejection.EXPIRED, (keys, ref) -> keys.rotate(ref, Duration.ZERO, ACTOR)),
                change(
                        "narrow",
                        Rejection.IP_NOT_ALLOWED,
                        (keys, ref) -> keys.update(ref, KeyUpdate.nothing().allowedFrom("10.0.0.0/8"), ACTOR)));
    }

    private static Arguments change(String name, Rejection then, BiConsumer<KeyService, KeyRef> step) {
        return Arguments.of(name, then, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void readThatRacesAChange_isNeverWhatLaterVerificationsSee(
            String name, Rejection then, BiConsumer<KeyService, KeyRef> step) throws Exception {
        KeyPolicy many = KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 10_000);
        try (TestKeys service = new TestKeys(settings -> settings.policy(many))) {
            int rounds = 500;
            for (int round = 0; round < rounds; round++) {
                IssuedKey issued = service.keys()
                        .issue(KeySpec.forUser("user" + round, "org_1")
                                .named("CRM")
                                .mode(Mode.READ));
                CountDownLatch hasRead = new CountDownLatch(1);
                CountDownLatch changed = new CountDownLatch(1);
                AtomicBoolean first = new AtomicBoolean(true);
                service.store().after(StoreCall.FIND_CREDENTIAL, arguments -> {
                    if (first.getAndSet(false)) {
                        hasRead.countDown();
                        await(changed);
                    }
                });
                Future<Verification> early = pool.submit(() -> service.verify(issued));
                await(hasRead);
                Future<Verification> waiting = pool.submit(() -> service.verify(issued));
                step.accept(service.keys(), ref(issued));
                // The change has returned, the reader from before it is still under way.
                assertThat(service.verify(issued)).as("round %d", round).isEqualTo(TestKeys.rejected(then));
                changed.countDown();
                early.get(10, TimeUnit.SECONDS);
                waiting.get(10, TimeUnit.SECONDS);

                assertThat(service.verify(issued)).as("round %d", round).isEqualTo(TestKeys.rejected(then));
            }
        }
    }

    @Test
    void ownerReadThatRacesAChange_isNeverWhatLaterVerificationsSee() throws Exception {
        for (int round = 0; round < 300; round++) {
            CountDownLatch hasRead = new CountDownLatch(1);
            CountDownLatch changed = new CountDownLatch(1);
            AtomicInteger calls = new AtomicInteger();
            AtomicBoolean active = new AtomicBoolean(true);
            try (TestKeys service = new TestKeys(settings -> settings.ownerDirectory(owner -> {
                boolean answer = active.get();
                if (calls.incrementAndGet() == 2) {
                    hasRead.countDown();
                    await(changed);
                }
                return answer ? OwnerDirectory.State.active(Scopes.ALL) : OwnerDirectory.State.inactive();
            }))) {
                IssuedKey issued = service.issue();
                Future<Verification> early = pool.submit(() -> service.verify(issued));
                await(hasRead);
                active.set(false);
                service.keys().ownerChanged(TestKeys.ALICE);
                assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.OWNER_INACTIVE));
                changed.countDown();
                early.get(10, TimeUnit.SECONDS);

                assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.OWNER_INACTIVE));
            }
        }
    }

    @Test
    void verificationsThatBeginAfterRevoke_areAllRefused_underEviction() throws Exception {
        int rounds = 2_000;
        AtomicInteger accepted = new AtomicInteger();
        // One place in the cache: keys come and go all the time, so that reads race changes by themselves.
        KeyPolicy many = KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 10_000);
        try (TestKeys service = new TestKeys(settings -> settings.cachedKeys(1).policy(many))) {
            IssuedKey filler = service.issue();
            for (int round = 0; round < rounds; round++) {
                IssuedKey issued = service.keys()
                        .issue(KeySpec.forUser("user" + round, "org_1")
                                .named("CRM")
                                .mode(Mode.READ));
                AtomicBoolean revoked = new AtomicBoolean();
                AtomicBoolean stop = new AtomicBoolean();
                Callable<Void> verifying = () -> {
                    while (!stop.get()) {
                        boolean after = revoked.get();
                        if (service.verify(issued) instanceof Verification.Accepted && after) {
                            accepted.incrementAndGet();
                        }
                        service.verify(filler);
                    }
                    return null;
                };
                List<Future<Void>> threads =
                        List.of(pool.submit(verifying), pool.submit(verifying), pool.submit(verifying));
                service.verify(issued);
                service.keys().revoke(ref(issued), ACTOR, "");
                revoked.set(true);
                for (int i = 0; i < 3; i++) {
                    assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
                }
                stop.set(true);
                for (Future<Void> thread : threads) {
                    thread.get(10, TimeUnit.SECONDS);
                }
            }
        }
        assertThat(accepted).as("accepted after revoke() had returned").hasValue(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
