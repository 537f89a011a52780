package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** T53: a process that stops inside any transaction holds up nobody for long, and makes its change when it goes on. */
// The databases know nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class StoppedProcessTest {
    private static final double SOON_MILLIS = 2_000;
    private static final Instant USED = SampleKey.NOW.plusSeconds(10);

    /** Connections of a process that stops right before it commits, once it is told to. */
    private static final class StoppingProcess {
        private final AtomicBoolean stops = new AtomicBoolean();
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final DataSource connections;

        StoppingProcess(TestDatabase database) {
            connections = InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("commit") && stops.compareAndSet(true, false)) {
                    inside.countDown();
                    goOn.await();
                }
                return call.proceed();
            });
        }

        void awaitInside() throws InterruptedException {
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Every transaction that writes. */
    private enum Change {
        ISSUE,
        REVOKE,
        ROTATE,
        OWNER_CHANGED,
        REHASH,
        USES,
        MCP_SESSION,
        AUDIT,
        MAINTENANCE
    }

    /** What stands still at the same time: of changes that raise the epoch only one can be inside. */
    private static final List<Set<Change>> ROUNDS = List.of(
            EnumSet.of(Change.REVOKE, Change.ISSUE, Change.REHASH, Change.USES, Change.MCP_SESSION, Change.AUDIT),
            EnumSet.of(Change.ROTATE),
            EnumSet.of(Change.OWNER_CHANGED),
            EnumSet.of(Change.MAINTENANCE));

    /** One change of a key of its own. */
    private static final class OneChange {
        private final Change change;
        private final TestDatabase database;
        private final Owner owner = Owner.user(UUID.randomUUID().toString());
        private final ApiKey key = new SampleKey().of(owner).build();
        private final ApiKey added = new SampleKey().of(owner).build();
        private final SecretHash newHash = SampleKey.hashOf(added.publicId());
        private final AuditEntry refusal = SampleKey.audit(key, AuditEvent.AUTH_FAILED, SampleKey.NOW);

        OneChange(Change change, TestDatabase database, ApiKeyStore healthy) {
            this.change = change;
            this.database = database;
            healthy.insert(SampleKey.toAdd(key, 10));
            if (change == Change.MAINTENANCE) {
                healthy.apply(SampleKey.revoke(key));
            }
        }

        void make(ApiKeyStore store) {
            switch (change) {
                case ISSUE -> store.insert(SampleKey.toAdd(added, 10));
                case REVOKE -> store.apply(SampleKey.revoke(key));
                case ROTATE -> store.apply(SampleKey.rotate(key, added.publicId(), SampleKey.NOW, Duration.ofHours(1)));
                case OWNER_CHANGED -> store.ownerChanged(owner);
                case REHASH -> store.rehash(key.publicId(), SampleKey.hashOf(key.publicId()), newHash);
                case USES -> store.recordUses(List.of(new KeyUse(key.id(), new LastUse(USED, null))));
                case MCP_SESSION -> store.recordMcpSession(key.id(), 1);
                case AUDIT -> store.appendAudit(List.of(refusal));
                case MAINTENANCE -> store.maintain(SampleKey.NOW.plus(Duration.ofDays(1)), Instant.EPOCH, 100);
            }
        }

        /** Whether the database holds the change, and holds it once. */
        boolean isMade(ApiKeyStore healthy) {
            Optional<ApiKey> stored = healthy.find(key.id(), KeyFilter.everything());
            return switch (change) {
                case ISSUE -> healthy.find(added.id(), KeyFilter.everything()).isPresent();
                case REVOKE -> stored.orElseThrow().revocation() != null;
                case ROTATE -> stored.orElseThrow().publicId().equals(added.publicId());
                case OWNER_CHANGED ->
                    database.number("SELECT COUNT(*) FROM api_key_change WHERE user_id = '" + owner.user() + "'") == 1;
                case REHASH ->
                    healthy.findCredential(key.publicId()).orElseThrow().hash().equals(newHash);
                case USES -> USED.equals(stored.orElseThrow().lastUse().at());
                case MCP_SESSION -> stored.orElseThrow().mcpSessions().seenVersion() == 1;
                case AUDIT ->
                    database.number("SELECT COUNT(*) FROM api_key_audit WHERE id = '" + refusal.id() + "'") == 1;
                case MAINTENANCE -> stored.isEmpty();
            };
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void process_stoppedInsideAnyTransaction_blocksNobodyForLong(DatabaseServer server, Figures figures)
            throws Exception {
        long[] nanos = new long[ROUNDS.size()];
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore healthy = database.store(2);
            for (int round = 0; round < nanos.length; round++) {
                List<OneChange> changes = new ArrayList<>();
                List<StoppingProcess> processes = new ArrayList<>();
                List<CompletableFuture<Void>> outcomes = new ArrayList<>();
                for (Change kind : ROUNDS.get(round)) {
                    OneChange change = new OneChange(kind, database, healthy);
                    StoppingProcess process = new StoppingProcess(database);
                    ApiKeyStore stopping = JdbiApiKeyStore.create(process.connections);
                    process.stops.set(true);
                    outcomes.add(CompletableFuture.runAsync(() -> change.make(stopping), threads));
                    process.awaitInside();
                    changes.add(change);
                    processes.add(process);
                }
                nanos[round] = workBeside(changes, healthy);
                processes.forEach(process -> process.goOn.countDown());
                for (int i = 0; i < changes.size(); i++) {
                    outcomes.get(i).get(20, TimeUnit.SECONDS);
                    assertThat(changes.get(i).isMade(healthy))
                            .as("%s", changes.get(i).change)
                            .isTrue();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(figures.within("others change, processes stopped inside a change", server, nanos, SOON_MILLIS))
                .isTrue();
    }

    /** What others do with the same owners and keys; the time that it takes. */
    private static long workBeside(List<OneChange> changes, ApiKeyStore healthy) {
        ApiKey other = new SampleKey().build();
        long begin = System.nanoTime();
        for (OneChange change : changes) {
            healthy.insert(SampleKey.toAdd(new SampleKey().of(change.owner).build(), 10));
            healthy.recordUses(List.of(new KeyUse(change.key.id(), new LastUse(SampleKey.NOW, null))));
            assertThat(healthy.findCredential(change.key.publicId())).isPresent();
        }
        healthy.insert(SampleKey.toAdd(other, 100));
        assertThat(healthy.apply(SampleKey.revoke(other))).isPresent();
        healthy.ownerChanged(other.owner());
        return System.nanoTime() - begin;
    }

    /** Where creating tables is a transaction. */
    @Test
    void process_stoppedWhileItMakesTheTables_letsTheNextOneMakeThem() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            StoppingProcess process = new StoppingProcess(database);
            process.stops.set(true);
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> JdbiApiKeyStore.create(process.connections));
            process.awaitInside();
            long begin = System.nanoTime();

            ApiKeyStore next = JdbiApiKeyStore.create(database.plain());
            next.insert(SampleKey.toAdd(new SampleKey().build(), 1));

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
            process.goOn.countDown();
            assertThat(stopped).failsWithin(Duration.ofSeconds(10));
            JdbiApiKeyStore.create(process.connections);
        }
    }
}
