package dev.apikeys;

import static dev.apikeys.Cluster.ADMIN;
import static dev.apikeys.Cluster.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes when, how much at once, and by whose clock. */
class MaintenanceTest {
    private static final Duration RETENTION = Duration.ofDays(90);

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A store that answers each step like this, and notes what it was asked. */
    private static ApiKeyStore answering(List<Object[]> asked, Optional<MaintenanceReport> answer) {
        FaultyStore store = new FaultyStore();
        store.before(StoreCall.MAINTAIN, asked::add);
        store.answer(StoreCall.MAINTAIN, answer);
        return store;
    }

    @Test
    void key_ended_goesAfterTheRetentionAndLeavesItsTrail() {
        Cluster.Node node = cluster.node();
        IssuedKey revoked = Cluster.issue(node);
        IssuedKey expired = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(1)));
        IssuedKey alive = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(300)));
        Cluster.revoke(node, revoked);

        node.time().pass(RETENTION);
        assertThat(node.keys().maintain().keys()).isZero();
        node.time().pass(Duration.ofMillis(1));
        assertThat(node.keys().maintain().keys()).isEqualTo(1);
        assertThat(node.keys().find(revoked.key().id())).isEmpty();
        assertThat(node.keys().find(expired.key().id())).isPresent();
        node.time().pass(Duration.ofDays(1));
        assertThat(node.keys().maintain().keys()).isEqualTo(1);

        assertThat(node.keys().find(expired.key().id())).isEmpty();
        assertThat(node.keys().find(alive.key().id())).isPresent();
        assertThat(node.accepts(alive)).isTrue();
        assertThat(node.keys()
                        .audit(AuditFilter.everything().key(revoked.key().id()), PageRequest.first(10))
                        .items())
                .isNotEmpty();
    }

    @Test
    void changes_read_goAfterADayButTheLatest() {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        for (int i = 0; i < 3; i++) {
            node.keys().pause(ref(key), ADMIN);
            node.keys().resume(ref(key), ADMIN);
        }
        node.time().pass(Duration.ofHours(24));
        assertThat(node.keys().maintain().changes()).isZero();
        node.time().pass(Duration.ofMillis(1));

        assertThat(node.keys().maintain()).isEqualTo(new MaintenanceReport(0, 5));
        assertThat(node.keys().maintain()).isEqualTo(new MaintenanceReport(0, 0));
        node.awaitPoll();
        assertThat(node.accepts(key)).isTrue();
    }

    @Test
    void manyKeys_ended_goInStepsOfFifty() {
        Cluster.Node node = cluster.node();
        int keys = 240;
        for (int i = 0; i < keys; i++) {
            node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(1)));
        }
        node.time().pass(RETENTION.plusDays(2));

        assertThat(node.keys().maintain().keys()).isEqualTo(keys);

        assertThat(node.faults().calls(StoreCall.MAINTAIN)).isEqualTo(5);
    }

    @Test
    void run_thatFindsNoEnd_stopsByItself() {
        List<Object[]> asked = new ArrayList<>();
        try (KeyService keys = KeyService.builder(answering(asked, Optional.of(new MaintenanceReport(50, 0))))
                .build()) {
            assertThat(keys.maintain()).isEqualTo(new MaintenanceReport(500_000, 0));
        }
        assertThat(asked).hasSize(10_000).allSatisfy(step -> assertThat(step[2]).isEqualTo(50));
    }

    /** A step removes whole epochs: one that named many tokens may end it before its limit. */
    @Test
    void changes_removedBelowTheLimit_areFollowedByAnotherStep() {
        List<Object[]> asked = new ArrayList<>();
        FaultyStore store = new FaultyStore();
        store.before(StoreCall.MAINTAIN, step -> {
            asked.add(step);
            store.answer(StoreCall.MAINTAIN, Optional.of(new MaintenanceReport(0, asked.size() < 4 ? 1 : 0)));
        });
        try (KeyService keys = KeyService.builder(store).build()) {
            assertThat(keys.maintain()).isEqualTo(new MaintenanceReport(0, 3));
        }
        assertThat(asked).hasSize(4);
    }

    @Test
    void run_whileAnotherNodeIsAtIt_doesNothing() {
        List<Object[]> asked = new ArrayList<>();
        try (KeyService keys =
                KeyService.builder(answering(asked, Optional.empty())).build()) {
            assertThat(keys.maintain()).isEqualTo(new MaintenanceReport(0, 0));
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void limits_areTakenFromTheStoresClock() {
        List<Object[]> asked = new ArrayList<>();
        Instant storeTime = Instant.parse("2020-01-01T00:00:00Z");
        try (Cluster other = new Cluster(answering(asked, Optional.empty()))) {
            FaultyStore faults = other.faults();
            faults.changeBatches(
                    batch -> new ChangeBatch(batch.position(), batch.continuity(), batch.changes(), storeTime));
            Cluster.Node node = other.node(settings -> settings.retention(Duration.ofDays(7)), faults);
            node.awaitPoll();
            node.keys().maintain();
        }
        assertThat(Arrays.asList(asked.get(0)))
                .containsExactly(storeTime.minus(Duration.ofDays(7)), storeTime.minus(Duration.ofHours(24)), 50);
    }

    @Test
    void run_onAThreadThatIsToEnd_takesNoFurtherStep() throws Exception {
        List<Object[]> asked = new ArrayList<>();
        try (KeyService keys = KeyService.builder(answering(asked, Optional.of(new MaintenanceReport(500, 0))))
                .build()) {
            Boolean stillInterrupted = cluster.start(() -> {
                        Thread.currentThread().interrupt();
                        keys.maintain();
                        return Thread.interrupted();
                    })
                    .get();
            assertThat(stillInterrupted).isTrue();
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void store_failing_isReportedToTheCaller() {
        Cluster.Node node = cluster.node();
        node.faults().cutOff();

        assertThatThrownBy(() -> node.keys().maintain()).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void retention_isAnHourToTenYears() {
        KeyServiceBuilder builder = KeyService.builder(new InMemoryApiKeyStore());
        for (Duration wrong : List.of(Duration.ofMinutes(59), Duration.ofDays(3_654), Duration.ofHours(-1))) {
            assertThatThrownBy(() -> builder.retention(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.toString());
        }
        assertThat(builder.retention(Duration.ofHours(1)).retention(Duration.ofDays(3_653)))
                .isSameAs(builder);
    }

    @Test
    void flush_dueWhileMaintenanceRuns_isMade() {
        FaultyStore faults = cluster.faults();
        Cluster.Node node = cluster.node(settings -> settings.usageInterval(Duration.ofMillis(100)), faults);
        Gate maintenance = faults.holdBefore(StoreCall.FIND_MISSING);
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        maintenance.awaitReached();
        long before = node.keys().stats().usesWritten();
        assertThat(node.accepts(key)).isTrue();
        node.time().pass(Duration.ofSeconds(1));
        assertThat(node.accepts(key)).isTrue();

        await().until(() -> node.keys().stats().usesWritten() > before);
        maintenance.open();
    }

    @Test
    void service_closedWhileMaintenanceRuns_losesNoUseAndNoRefusal() throws Exception {
        Cluster.Node node = cluster.node(Cluster.BALANCED);
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        String token = key.token().reveal();
        String wrong = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
        node.keys().verify(wrong);
        Gate maintenance = node.faults().holdBefore(StoreCall.MAINTAIN);
        Future<MaintenanceReport> running = cluster.start(() -> node.keys().maintain());
        maintenance.awaitReached();

        node.keys().close();

        assertThat(node.faults().calls(StoreCall.RECORD_USES)).isEqualTo(1);
        assertThat(node.faults().calls(StoreCall.APPEND_AUDIT)).isEqualTo(1);
        maintenance.open();
        running.get(30, TimeUnit.SECONDS);
    }

    /** The thread of the service's own maintenance, held by the check of cached keys that it also does. */
    @Test
    void service_closedWhileItsUpkeepHangs_losesNoUse() {
        Cluster.Node node = cluster.node(Cluster.BALANCED);
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        Gate hanging = node.faults().holdBefore(StoreCall.FIND_MISSING);
        hanging.awaitReached();

        node.keys().close();

        assertThat(node.faults().calls(StoreCall.RECORD_USES)).isEqualTo(1);
        hanging.open();
    }

    @Test
    void maintenance_underWayWhenTheServiceCloses_endsWithItsStep() throws Exception {
        List<Object[]> asked = new ArrayList<>();
        MaintenanceReport more = new MaintenanceReport(500, 500);
        try (Cluster endless = new Cluster(answering(asked, Optional.of(more)))) {
            Cluster.Node node = endless.node();
            Gate first = node.faults().holdBefore(StoreCall.MAINTAIN);
            Future<MaintenanceReport> running = endless.start(() -> node.keys().maintain());
            first.awaitReached();
            node.keys().close();
            node.faults().heal(StoreCall.MAINTAIN);
            first.open();
            assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(more);
        }
    }

    @Test
    void key_importedAgainAfterItWasRemoved_worksOnEachNode() {
        ApiKeyStore store = new InMemoryApiKeyStore();
        try (Cluster shared = new Cluster(store)) {
            Cluster.Node here = shared.node();
            Cluster.Node there = shared.node();
            IssuedKey key = Cluster.issue(here);
            SecretHash hash =
                    store.findCredential(key.key().publicId()).orElseThrow().hash();
            Cluster.revoke(here, key);
            there.awaitPoll();
            assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
            store.maintain(ClusterTime.START.plus(RETENTION), Instant.EPOCH, 10);
            store.insert(SampleKey.toAdd(key.key(), hash));

            there.awaitPoll();

            assertThat(there.accepts(key)).isTrue();
        }
    }

    @Test
    void clock_thatIsAheadWhenTheNodeStarts_removesNothingThatIsStillGood() {
        FaultyStore faults = cluster.faults();
        faults.changeBatches(batch -> new ChangeBatch(
                batch.position(), batch.continuity(), batch.changes(), ClusterTime.START.plus(Duration.ofDays(400))));
        Cluster.Node node = cluster.node(settings -> settings, faults);
        IssuedKey key = Cluster.issue(cluster.node());
        node.awaitPoll();

        assertThat(node.keys().maintain().keys()).isZero();

        assertThat(cluster.node().accepts(key)).isTrue();
    }
}
