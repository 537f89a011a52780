package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.StoreCall;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bounds of what is kept in memory; a service would need a hundred thousand keys to reach them. */
@Tag("tr-skip") // Queues know no locale.
class WriteBehindTest {
    private static final int MANY = 100_000;

    private final FaultyStore store = new FaultyStore(new InMemoryApiKeyStore());
    private final Counters counters = new Counters();
    private final WriteBehind writeBehind = new WriteBehind(store, counters);

    @Test
    void uses_whileTheStoreIsAway_areBounded() {
        store.before(StoreCall.RECORD_USES, arguments -> {
            throw new StoreUnavailableException("down");
        });
        for (int round = 0; round < 3; round++) {
            note(keys(MANY));
            assertThatThrownBy(writeBehind::flush).isInstanceOf(StoreUnavailableException.class);
        }
        store.heal();
        writeBehind.flush();

        assertThat(counters.usesWritten.sum()).isEqualTo(MANY);
        assertThat(counters.dropped.sum()).isEqualTo(2 * MANY);
        assertThat(counters.failedFlushes.sum()).isEqualTo(3);
    }

    @Test
    void replacementsOfHashes_areBounded() {
        int bound = 1_000;
        for (int i = 0; i < bound + 3; i++) {
            String publicId = SampleKey.randomPublicId();
            writeBehind.noteOutdated(
                    new Rehash(publicId, SampleKey.hashOf(publicId), SampleKey.hashOf(SampleKey.randomPublicId())));
        }

        assertThat(counters.outdatedHashes.sum()).isEqualTo(bound + 3);
        assertThat(counters.dropped.sum()).isEqualTo(3);
    }

    @Test
    void use_droppedForLackOfRoom_isNotedAgainAfterTheNextFlush() {
        note(keys(MANY));
        CacheEntry late = key();
        writeBehind.noteUse(late, 1, null);
        assertThat(counters.dropped.sum()).isEqualTo(1);
        writeBehind.flush();

        writeBehind.noteUse(late, 2, null);
        writeBehind.flush();

        assertThat(counters.usesWritten.sum()).isEqualTo(MANY + 1);
    }

    /** The instant between taking a use out and letting its cell go is short: many flushes, each a bit later, meet it. */
    @Test
    void latestUse_notedWhileOthersAreTakenOut_isWritten() throws Exception {
        AtomicLong written = new AtomicLong();
        store.before(StoreCall.RECORD_USES, arguments -> {
            for (Object use : (Collection<?>) arguments[0]) {
                written.accumulateAndGet(((KeyUse) use).use().at().toEpochMilli(), Math::max);
            }
        });
        CacheEntry key = key();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger flushed = new AtomicInteger();
        int rounds = 50_000;
        Thread flushing = new Thread(() -> {
            for (int round = 1; round <= rounds; round++) {
                awaitAtLeast(round, begun, Thread.currentThread());
                writeBehind.flush();
                flushed.set(round);
            }
        });
        flushing.setDaemon(true);
        flushing.start();
        for (int round = 1; round <= rounds; round++) {
            writeBehind.noteUse(key, 2L * round, null);
            begun.set(round);
            for (int i = round % 1_000; i > 0; i--) {
                Thread.onSpinWait();
            }
            writeBehind.noteUse(key, 2L * round + 1, null);
            awaitAtLeast(round, flushed, flushing);
            writeBehind.flush();
            assertThat(written.get()).isEqualTo(2L * round + 1);
        }
        flushing.join();
        assertThat(key.use()).as("nothing left behind").isNull();
    }

    private static void awaitAtLeast(int wanted, AtomicInteger counter, Thread whoever) {
        while (counter.get() < wanted) {
            assertThat(whoever.isAlive() || counter.get() >= wanted)
                    .as("somebody is still at it")
                    .isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void latestUse_notedInACellThatWasTakenLongAgo_isWritten() {
        AtomicLong written = new AtomicLong();
        store.before(StoreCall.RECORD_USES, arguments -> {
            for (Object use : (Collection<?>) arguments[0]) {
                written.accumulateAndGet(((KeyUse) use).use().at().toEpochMilli(), Math::max);
            }
        });
        CacheEntry key = key();
        writeBehind.noteUse(key, 1, null);
        UsageCell found = Objects.requireNonNull(key.use());
        writeBehind.flush();
        writeBehind.flush();

        writeBehind.noteIn(found, key, 2, null);
        writeBehind.flush();

        assertThat(written).hasValue(2);
    }

    /** A store may throw what it doesn't declare, as one in Kotlin does. */
    @Test
    void notes_whenTheStoreThrowsACheckedException_areKept() {
        store.failWith(new SQLException("as Kotlin throws it"));
        note(keys(2));
        writeBehind.noteAudit(entry());
        writeBehind.noteOutdated(rehash());
        assertThatThrownBy(writeBehind::flush)
                .isInstanceOf(StoreUnavailableException.class)
                .hasCauseInstanceOf(SQLException.class);
        store.heal();

        writeBehind.flush();

        assertThat(audited()).isEqualTo(1);
        assertThat(counters.usesWritten.sum()).isEqualTo(2);
        assertThat(counters.failedFlushes.sum()).isEqualTo(1);
    }

    /** The batch was written, and the answer to its COMMIT was lost. */
    @Test
    void audit_writtenWithoutAnAnswer_goesOn() {
        store.failAfter(StoreCall.APPEND_AUDIT, new StoreUnavailableException("the answer is lost"));
        writeBehind.noteAudit(entry());
        assertThatThrownBy(writeBehind::flush).isInstanceOf(StoreUnavailableException.class);
        store.heal();
        writeBehind.noteAudit(entry());

        writeBehind.flush();

        assertThat(audited()).isEqualTo(2);
        writeBehind.flush();
        assertThat(audited()).isEqualTo(2);
    }

    /** The first and the last of many are never taken, which at first looks as if the store were away. */
    @Test
    void notes_betweenTwoThatAreNeverTaken_areWrittenTheNextTime() {
        List<AuditEntry> hopeless = List.of(entry(), entry());
        store.before(StoreCall.APPEND_AUDIT, arguments -> {
            if (hopeless.stream().anyMatch(((Collection<?>) arguments[0])::contains)) {
                throw new IllegalStateException("never");
            }
        });
        writeBehind.noteAudit(hopeless.get(0));
        writeBehind.noteAudit(entry());
        writeBehind.noteAudit(hopeless.get(1));
        for (int flush = 1; flush <= 2; flush++) {
            note(keys(1));
            assertThatThrownBy(writeBehind::flush).hasMessage("never");
        }

        assertThat(audited()).isEqualTo(1);
    }

    @Test
    void writers_whenOneOfThemFails_areNotHeldUp() {
        for (StoreCall failing : List.of(StoreCall.RECORD_USES, StoreCall.APPEND_AUDIT, StoreCall.REHASH)) {
            store.heal();
            store.failBefore(failing, new StoreUnavailableException("as if"));
            store.forgetCalls();
            note(keys(1));
            writeBehind.noteAudit(entry());
            writeBehind.noteOutdated(rehash());

            assertThatThrownBy(writeBehind::flush).hasMessage("as if");

            for (StoreCall call : List.of(StoreCall.RECORD_USES, StoreCall.APPEND_AUDIT, StoreCall.REHASH)) {
                assertThat(store.calls(call))
                        .as("%s while %s fails", call, failing)
                        .isPositive();
            }
        }
    }

    @Test
    void note_thatTheStoreNeverTakes_isSetAsideAndCounted() {
        AuditEntry refused = entry();
        store.before(StoreCall.APPEND_AUDIT, arguments -> {
            if (((Collection<?>) arguments[0]).contains(refused)) {
                throw new StoreUnavailableException("not this one");
            }
        });
        int others = 700;
        for (int i = 0; i < others; i++) {
            if (i == 333) {
                writeBehind.noteAudit(refused);
            }
            writeBehind.noteAudit(entry());
        }
        assertThatThrownBy(writeBehind::flush).hasMessage("not this one");
        assertThat(audited()).isEqualTo(others);
        for (int flush = 2; flush <= 3; flush++) {
            assertThat(counters.setAside.sum()).isZero();
            writeBehind.noteAudit(entry());
            assertThatThrownBy(writeBehind::flush).hasMessage("not this one");
        }

        writeBehind.flush();

        assertThat(counters.setAside.sum()).isEqualTo(1);
        assertThat(counters.dropped.sum()).isZero();
        assertThat(audited()).isEqualTo(others + 2);
    }

    @Test
    void notes_whileTheStoreIsAway_areKeptHoweverOften() {
        writeBehind.noteAudit(entry());
        writeBehind.noteAudit(entry());
        note(keys(2));
        writeBehind.noteOutdated(rehash());
        store.cutOff();
        for (int flush = 0; flush < 10; flush++) {
            assertThatThrownBy(writeBehind::flush).isInstanceOf(StoreUnavailableException.class);
        }
        store.heal();

        writeBehind.flush();

        assertThat(audited()).isEqualTo(2);
        assertThat(counters.usesWritten.sum()).isEqualTo(2);
        assertThat(counters.setAside.sum()).isZero();
    }

    /** A database that hangs takes its time for each question. */
    @Test
    void notes_whileTheStoreHangs_areTriedOnceForEachWriter() {
        store.failWith(StoreUnavailableException.timedOut("hangs", new SQLTimeoutException()));
        note(keys(1_200));
        for (int i = 0; i < 700; i++) {
            writeBehind.noteAudit(entry());
            writeBehind.noteOutdated(rehash());
        }

        assertThatThrownBy(writeBehind::flush).hasMessage("hangs");

        assertThat(store.allCalls()).isEqualTo(3);
    }

    private long audited() {
        return store.audit(AuditFilter.everything(), PageRequest.first(1)).total();
    }

    private static AuditEntry entry() {
        return SampleKey.audit(new SampleKey().build(), AuditEvent.AUTH_FAILED, SampleKey.NOW);
    }

    private static Rehash rehash() {
        String publicId = SampleKey.randomPublicId();
        return new Rehash(publicId, SampleKey.hashOf(publicId), SampleKey.hashOf(SampleKey.randomPublicId()));
    }

    private static List<CacheEntry> keys(int count) {
        List<CacheEntry> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(key());
        }
        return keys;
    }

    private static CacheEntry key() {
        ApiKey key = new SampleKey().build();
        return CacheEntry.of(
                new PublicId(0, 0),
                new StoredCredential(key.publicId(), SampleKey.hashOf(key.publicId()), null, key),
                new OwnerView(key.owner()),
                SharedEntryPart.of(key, key.grant()),
                new LoadMoment(0, 0));
    }

    private void note(List<CacheEntry> keys) {
        keys.forEach(key -> writeBehind.noteUse(key, 1, null));
    }

    @Test
    void notesThatNearlyFillTheRoom_areWrittenSoon_andAskedForOnce() {
        AtomicInteger asked = new AtomicInteger();
        int some = MANY - MANY / 8;
        writeBehind.whenNearlyFull(asked::incrementAndGet);
        note(keys(some));
        assertThat(asked).hasValue(0);
        note(keys(10));
        assertThat(asked).hasValue(1);
        writeBehind.flush();
        note(keys(some));
        assertThat(asked).hasValue(1);
        note(keys(1));
        assertThat(asked).hasValue(2);
    }
}
