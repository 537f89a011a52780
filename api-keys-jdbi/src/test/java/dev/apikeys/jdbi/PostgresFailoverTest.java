package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The primary dies, its standby takes over, and the nodes follow by the driver's list of hosts. */
// The database knows nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class PostgresFailoverTest {
    private static final String DATABASE = "POSTGRESQL, standby";
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final long Y = STRICT.trust().toNanos();
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final String WAITING = " WHERE wait_event = 'SyncRep'";

    @TempDir
    static Path shared;

    private static PostgresServer.Template template;

    @BeforeAll
    static void makeTemplate() throws IOException {
        template = PostgresServer.Template.in(shared);
    }

    @Test
    void primary_killed_noKeyIsAcceptedLaterThanYAfterItsRevocation(@TempDir Path directory, Figures figures)
            throws Exception {
        failOver(1, directory, figures);
    }

    @Tag("endurance")
    @Test
    void primary_killedAgainAndAgain_noKeyIsAcceptedLaterThanYAfterItsRevocation(
            @TempDir Path directory, Figures figures) throws Exception {
        failOver(10, directory, figures);
    }

    private static void failOver(int times, Path directory, Figures figures) throws Exception {
        Measured all = new Measured();
        for (int i = 0; i < times; i++) {
            Path own = Files.createDirectory(directory.resolve("round" + i));
            try (PostgresPair pair = new PostgresPair(template, own, PostgresPair.Replication.SYNCHRONOUS);
                    TestDatabase database = pair.database();
                    Nodes nodes = new Nodes()) {
                all.add(new Failover(pair, nodes, database).run());
            }
        }
        boolean strictKept = figures.within("late accepts, fail-over, strict", DATABASE, all.strict(), Y / 1e6);
        boolean balancedKept = figures.within(
                "late accepts, fail-over, balanced, G = 1 s", DATABASE, all.balanced(), (Y + GRACE.toNanos()) / 1e6);
        figures.count("acknowledged revocations lost by a fail-over", DATABASE, all.strict().length, all.lost);
        figures.measured("promotion, from the kill on", DATABASE, all.promotions());
        boolean soon = figures.within("recovery after a promotion", DATABASE, all.recoveries(), 2_000);
        assertThat(strictKept).isTrue();
        assertThat(balancedKept).isTrue();
        assertThat(all.lost).isZero();
        assertThat(soon).isTrue();
    }

    /** What fail-overs came to, in nanoseconds. */
    private static final class Measured {
        private final List<Long> strict = new ArrayList<>();
        private final List<Long> balanced = new ArrayList<>();
        private final List<Long> promotions = new ArrayList<>();
        private final List<Long> recoveries = new ArrayList<>();
        private long lost;

        void add(Measured other) {
            strict.addAll(other.strict);
            balanced.addAll(other.balanced);
            promotions.addAll(other.promotions);
            recoveries.addAll(other.recoveries);
            lost += other.lost;
        }

        long[] strict() {
            return nanos(strict);
        }

        long[] balanced() {
            return nanos(balanced);
        }

        long[] promotions() {
            return nanos(promotions);
        }

        long[] recoveries() {
            return nanos(recoveries);
        }

        private static long[] nanos(List<Long> values) {
            return values.stream().mapToLong(n -> n).toArray();
        }
    }

    /** One fail-over: keys are revoked one after the other until the primary is dead, and watched on two other nodes. */
    private static final class Failover {
        private static final int KEYS = 40;

        private final PostgresPair pair;
        private final KeyService revoking;
        private final KeyService strict;
        private final KeyService balanced;
        private final List<IssuedKey> keys = new ArrayList<>();
        private final Map<IssuedKey, Long> returned = new HashMap<>();
        private final Measured measured = new Measured();

        Failover(PostgresPair pair, Nodes nodes, TestDatabase database) {
            this.pair = pair;
            this.revoking = nodes.add(store(database), STRICT);
            this.strict = nodes.add(store(database), STRICT);
            this.balanced = nodes.add(store(database), LeasePolicy.DEFAULT.balanced(GRACE));
        }

        Measured run() throws InterruptedException {
            IssuedKey good = Nodes.issue(revoking, "alice");
            for (int i = 0; i < KEYS; i++) {
                keys.add(Nodes.issue(revoking, "user" + i));
            }
            List<Watched> watched = new ArrayList<>();
            try (Oracle goodStrict = Oracle.asking(strict, good.token().reveal());
                    Oracle goodBalanced = Oracle.asking(balanced, good.token().reveal())) {
                keys.forEach(key -> watched.add(new Watched(key, strict, balanced)));
                await().until(() -> watched.stream().allMatch(Watched::isAccepted)
                        && goodStrict.hasAccepted()
                        && goodBalanced.hasAccepted());
                Thread revocations = new Thread(this::revokeUntilItFails, "revocations");
                revocations.start();
                await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> acknowledged() >= KEYS / 2);
                takeOver();
                revocations.join();
                watched.forEach(this::note);
                await().until(() -> goodStrict.last() instanceof Accepted && goodBalanced.last() instanceof Accepted);
                assertThat(goodStrict.refusals).hasValue(0);
                assertThat(goodBalanced.refusals).hasValue(0);
            } finally {
                watched.forEach(Watched::close);
            }
            return measured;
        }

        private synchronized int acknowledged() {
            return returned.size();
        }

        private void takeOver() {
            pair.primary().kill();
            long killed = System.nanoTime();
            long[] polls = {strict.stats().polls(), balanced.stats().polls()};
            long promoted = pair.standby().promote();
            measured.promotions.add(promoted - killed);
            await().atMost(30, TimeUnit.SECONDS)
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> strict.stats().polls() > polls[0]
                            && balanced.stats().polls() > polls[1]);
            measured.recoveries.add(System.nanoTime() - promoted);
        }

        private void revokeUntilItFails() {
            try {
                for (IssuedKey key : keys) {
                    Nodes.revoke(revoking, key);
                    note(key, System.nanoTime());
                }
            } catch (StoreUnavailableException notAcknowledged) {
                // Then nothing is promised.
            }
        }

        private synchronized void note(IssuedKey key, long now) {
            returned.put(key, now);
        }

        private synchronized void note(Watched key) {
            Long moment = returned.get(key.key());
            if (moment == null) {
                return;
            }
            await().atMost(10, TimeUnit.SECONDS).until(key::isRefused);
            measured.strict.add(key.onStrict().lastAcceptAfter(moment));
            measured.balanced.add(key.onBalanced().lastAcceptAfter(moment));
            boolean kept = strict.find(key.key().key().id()).orElseThrow().status(strict.now()) == Status.REVOKED;
            measured.lost += kept ? 0 : 1;
        }
    }

    /** A key that two nodes are asked about. */
    private record Watched(IssuedKey key, Oracle onStrict, Oracle onBalanced) {
        Watched(IssuedKey key, KeyService strict, KeyService balanced) {
            this(
                    key,
                    Oracle.asking(strict, key.token().reveal()),
                    Oracle.asking(balanced, key.token().reveal()));
        }

        boolean isAccepted() {
            return onStrict.hasAccepted() && onBalanced.hasAccepted();
        }

        boolean isRefused() {
            return onStrict.hasRefused() && onBalanced.hasRefused();
        }

        void close() {
            onStrict.close();
            onBalanced.close();
        }
    }

    /** The COMMIT waits for the standby; whoever asked for it stops waiting. */
    @Tag("endurance")
    @Test
    void revoke_whileTheSynchronousStandbyIsAway_isNotAcknowledged(@TempDir Path directory) throws Exception {
        try (PostgresPair pair = new PostgresPair(template, directory, PostgresPair.Replication.SYNCHRONOUS);
                TestDatabase database = pair.database();
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(impatientStore(database), STRICT);
            IssuedKey key = Nodes.issue(node, "alice");
            pair.standby().kill();

            CompletableFuture<StoreUnavailableException> unknown = revokeInTheBackground(node, key);
            assertThat(unknown.get(30, TimeUnit.SECONDS).isOutcomeUnknown()).isTrue();

            pair.standby().start();
            pair.awaitFollowing();
            pair.primary().kill();
            pair.standby().promote();
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> Nodes.ask(node, key.token().reveal()) != null);
            assertThat(Nodes.accepts(node, key.token().reveal()))
                    .as("the standby got it when it was back")
                    .isFalse();
        }
    }

    /** PostgreSQL then reports the COMMIT as done, with a warning. */
    @Test
    void revoke_whoseWaitForTheStandbyIsCancelled_isNotAcknowledged(@TempDir Path directory) throws Exception {
        try (PostgresPair pair = new PostgresPair(template, directory, PostgresPair.Replication.SYNCHRONOUS);
                TestDatabase database = pair.database();
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(impatientStore(database), STRICT);
            IssuedKey key = Nodes.issue(node, "alice");
            pair.standby().kill();
            CompletableFuture<StoreUnavailableException> unknown = revokeInTheBackground(node, key);
            awaitWaitingCommit(pair);

            pair.primary().database().execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity" + WAITING);

            assertThat(unknown.get(30, TimeUnit.SECONDS).isOutcomeUnknown()).isTrue();
            assertThat(Nodes.accepts(node, key.token().reveal()))
                    .as("the primary has it")
                    .isFalse();
        }
    }

    /** A primary that was started again shows a change that waited for the standby when it was killed. */
    @Tag("endurance")
    @Test
    void revoke_foundOnAPrimaryThatWasStartedAgainWithoutItsStandby_isNotAcknowledged(@TempDir Path directory)
            throws Exception {
        try (PostgresPair pair = new PostgresPair(template, directory, PostgresPair.Replication.SYNCHRONOUS);
                TestDatabase database = pair.database();
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(store(database), STRICT);
            IssuedKey key = Nodes.issue(node, "alice");
            pair.standby().kill();
            CompletableFuture<StoreUnavailableException> unknown = revokeInTheBackground(node, key);
            awaitWaitingCommit(pair);

            pair.primary().kill();
            pair.primary().start();

            assertThat(unknown.get(30, TimeUnit.SECONDS).isOutcomeUnknown()).isTrue();
            assertThat(node.find(key.key().id()).orElseThrow().status(node.now()))
                    .as("the primary has it")
                    .isEqualTo(Status.REVOKED);
        }
    }

    /** Fails when the call returns as if all was well. */
    private static CompletableFuture<StoreUnavailableException> revokeInTheBackground(KeyService node, IssuedKey key) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                Nodes.revoke(node, key);
                throw new AssertionError("acknowledged a revocation that no standby has");
            } catch (StoreUnavailableException unknown) {
                return unknown;
            }
        });
    }

    private static void awaitWaitingCommit(PostgresPair pair) {
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> pair.primary().database().number("SELECT COUNT(*) FROM pg_stat_activity" + WAITING) == 1);
    }

    /** With time-outs that suit a test. */
    private static JdbiApiKeyStore impatientStore(TestDatabase database) {
        return JdbiApiKeyStore.builder(database.pool(4, Duration.ofSeconds(1)))
                .feedDataSource(database.plain())
                .statementTimeout(Duration.ofSeconds(1))
                .build();
    }

    /** What an asynchronous standby didn't get is gone. The nodes notice, and the host revokes again. */
    @Test
    void standby_thatLacksTheLastRevocation_isNoticedAsARewind(@TempDir Path directory, Figures figures)
            throws Exception {
        try (PostgresPair pair = new PostgresPair(template, directory, PostgresPair.Replication.ASYNCHRONOUS);
                TestDatabase database = pair.database();
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(store(database), STRICT);
            nodes.add(store(database), LeasePolicy.DEFAULT.balanced(GRACE));
            IssuedKey key = Nodes.issue(node, "alice");
            Nodes.revoke(node, Nodes.issue(node, "bob"));
            pair.awaitFollowing();
            pair.standby().kill();
            Nodes.revoke(node, key);
            await().until(() -> nodes.all()
                    .noneMatch(each -> Nodes.accepts(each, key.token().reveal())));

            pair.primary().kill();
            pair.standby().start();
            long promoted = pair.standby().promote();

            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> nodes.all().allMatch(each -> each.stats().rewinds() == 1));
            figures.measured("rewind seen after a promotion", DATABASE, new long[] {System.nanoTime() - promoted});
            await().until(() ->
                    nodes.all().allMatch(each -> Nodes.accepts(each, key.token().reveal())));

            Nodes.revoke(node, key);
            long returned = System.nanoTime();
            await().until(() -> nodes.all()
                    .noneMatch(each -> Nodes.accepts(each, key.token().reveal())));
            assertThat(System.nanoTime() - returned).isLessThanOrEqualTo(Y);
        }
    }

    /** A pool that soon says when no connection is available. */
    private static JdbiApiKeyStore store(TestDatabase database) {
        HikariDataSource pool = database.pool(4, Duration.ofSeconds(1));
        pool.setValidationTimeout(500);
        return JdbiApiKeyStore.builder(pool).feedDataSource(database.plain()).build();
    }
}
