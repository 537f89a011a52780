package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a key was last used: noted in memory, written seldom, never backwards. */
@Tag("tr-skip") // Counting knows no locale.
class UsageTest {
    private final List<List<KeyUse>> written = new CopyOnWriteArrayList<>();
    private final TestKeys service = new TestKeys(settings -> settings.usageInterval(Duration.ofHours(1)));
    private final IssuedKey issued = service.issue();

    UsageTest() {
        record(service);
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void uses_areNotedInMemory_andWrittenAsOneRow() {
        for (int i = 0; i < 1_000; i++) {
            verifyFrom("192.0.2." + i % 250);
            service.clock().advance(Duration.ofMillis(1));
        }
        assertThat(written).isEmpty();

        service.keys().flush();

        LastUse last = new LastUse(SettableClock.START.plusMillis(999), "192.0.2.249");
        assertThat(written).containsExactly(List.of(new KeyUse(issued.key().id(), last)));
        assertThat(lastUse()).isEqualTo(last);
        assertThat(service.keys().stats().usesWritten()).isEqualTo(1);
        assertThat(service.keys().find(issued.key().id()).orElseThrow().version())
                .isEqualTo(1);
    }

    @Test
    void flush_withoutUses_writesNothing() {
        service.keys().flush();
        service.verify(issued);
        service.keys().flush();
        service.keys().flush();

        assertThat(written).hasSize(1);
    }

    @Test
    void refusedToken_isNoUse() {
        service.keys().pause(ref(issued), ACTOR);
        service.verify(issued);
        service.keys().verify(issued.token().reveal().substring(0, 29) + "0".repeat(48));
        service.keys().flush();

        assertThat(written).isEmpty();
        assertThat(lastUse()).isNull();
    }

    @Test
    void use_isWrittenInTheBackground_atMostOnceAnInterval() {
        try (TestKeys quick = new TestKeys(settings -> settings.usageInterval(Duration.ofMillis(100)))) {
            record(quick);
            IssuedKey key = quick.issue();
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        quick.clock().advance(Duration.ofMillis(1));
                        quick.verify(key);
                        return written.size() >= 4;
                    });
            long intervals = Duration.ofNanos(System.nanoTime() - start).toMillis() / 100;

            assertThat(written).allMatch(batch -> batch.size() == 1);
            assertThat(written.size()).isLessThanOrEqualTo((int) intervals + 1);
        }
    }

    @Test
    void twoTokensOfOneKey_makeOneRow() {
        service.verify(issued);
        IssuedKey second = service.keys().rotate(ref(issued), ACTOR);
        service.verify(issued);
        service.clock().advance(Duration.ofSeconds(1));
        service.verify(second);
        service.keys().flush();

        assertThat(written).hasSize(1);
        assertThat(written.get(0)).hasSize(1);
        assertThat(lastUse().at()).isEqualTo(SettableClock.START.plusSeconds(1));
    }

    @Test
    void use_neverGoesBackwards() {
        service.clock().advance(Duration.ofSeconds(10));
        verifyFrom("192.0.2.1");
        service.clock().set(SettableClock.START);
        verifyFrom("192.0.2.2");
        service.keys().flush();
        verifyFrom("192.0.2.3");
        service.keys().flush();
        try (TestKeys other = new TestKeys(service.memory(), service.clock(), settings -> {})) {
            other.verify(issued);
        }

        assertThat(lastUse()).isEqualTo(new LastUse(SettableClock.START.plusSeconds(10), "192.0.2.1"));
    }

    @Test
    void useDuringAFlush_isWrittenByTheNext() {
        service.verify(issued);
        service.store().before(StoreCall.RECORD_USES, arguments -> {
            if (written.isEmpty()) {
                service.clock().advance(Duration.ofSeconds(1));
                service.verify(issued);
            }
            note(arguments);
        });
        service.keys().flush();
        service.keys().flush();

        assertThat(written).hasSize(2);
        assertThat(lastUse().at()).isEqualTo(SettableClock.START.plusSeconds(1));
    }

    @Test
    void uses_thatTheStoreRefused_areKeptAndWrittenLater() {
        IssuedKey other = service.issue();
        verifyFrom("192.0.2.1");
        service.verify(other);
        service.store().before(StoreCall.RECORD_USES, arguments -> {
            throw new StoreUnavailableException("down");
        });
        assertThatThrownBy(service.keys()::flush).isInstanceOf(StoreUnavailableException.class);
        service.clock().advance(Duration.ofSeconds(1));
        verifyFrom("192.0.2.2");
        assertThatThrownBy(service.keys()::flush).isInstanceOf(StoreUnavailableException.class);

        record(service);
        service.keys().flush();

        assertThat(written).hasSize(1);
        assertThat(written.get(0)).hasSize(2);
        assertThat(lastUse()).isEqualTo(new LastUse(SettableClock.START.plusSeconds(1), "192.0.2.2"));
        assertThat(service.keys().find(other.key().id()).orElseThrow().lastUse())
                .isEqualTo(new LastUse(SettableClock.START, null));
    }

    /** Such as a class of the driver that can't be loaded: what stands behind it in the queue is not lost. */
    @Test
    void errorOfTheStore_losesNoNoteOfAnyKind() {
        String token = issued.token().reveal();
        service.verify(issued);
        service.keys().verify(token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0"));
        service.store().before(StoreCall.RECORD_USES, arguments -> {
            throw new NoClassDefFoundError("Driver");
        });

        assertThatThrownBy(service.keys()::flush).isInstanceOf(NoClassDefFoundError.class);
        record(service);
        service.keys().flush();

        assertThat(lastUse()).isNotNull();
        assertThat(service.keys().stats().failedFlushes()).isEqualTo(1);
        assertThat(service.keys()
                        .audit(AuditFilter.everything().event(AuditEvent.AUTH_FAILED), PageRequest.first(2))
                        .items())
                .hasSize(1);
    }

    /** As a shutdown hook and a container do. */
    @Test
    void close_byTwoThreadsAtOnce_endsBoth() throws Exception {
        for (int round = 0; round < 100; round++) {
            TestKeys closing = new TestKeys();
            Race.between(2, thread -> () -> {
                closing.keys().close();
                return thread;
            });
        }
    }

    @Test
    void uses_ofManyKeys_areWrittenInBatchesInTheOrderOfTheirIds() {
        KeyPolicy many = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, 2_000);
        try (TestKeys large = new TestKeys(settings -> settings.policy(many))) {
            record(large);
            for (int i = 0; i < 1_200; i++) {
                large.verify(large.keys()
                        .issue(KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ)));
            }
            large.keys().flush();

            List<KeyUse> all = new ArrayList<>();
            written.forEach(all::addAll);
            assertThat(written).extracting(List::size).containsExactly(500, 500, 200);
            assertThat(all).isSortedAccordingTo((a, b) -> a.keyId().compareTo(b.keyId()));
        }
    }

    @Test
    void close_writesWhatIsNoted_andEndsTheThread() {
        long before = flushThreads();
        TestKeys closing = new TestKeys(settings -> settings.usageInterval(Duration.ofHours(1)));
        record(closing);
        closing.verify(closing.issue());
        assertThat(flushThreads()).isEqualTo(before + 1);

        closing.keys().close();
        closing.keys().close();

        assertThat(written).hasSize(1);
        await().atMost(Duration.ofSeconds(5)).until(() -> flushThreads() == before);
    }

    @Test
    void close_ofAnInterruptedThread_writesWhatIsNoted() {
        service.verify(issued);
        Thread.currentThread().interrupt();
        service.keys().close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(written).hasSize(1);
    }

    private static long flushThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("api-keys-flush"))
                .count();
    }

    private void record(TestKeys from) {
        from.store().before(StoreCall.RECORD_USES, this::note);
    }

    @SuppressWarnings("unchecked")
    private void note(@Nullable Object[] arguments) {
        written.add(List.copyOf((Collection<KeyUse>) arguments[0]));
    }

    private void verifyFrom(String address) {
        service.keys().verify(issued.token().reveal(), ClientRequest.from(address));
    }

    private @Nullable LastUse lastUse() {
        return service.keys().find(issued.key().id()).orElseThrow().lastUse();
    }
}
