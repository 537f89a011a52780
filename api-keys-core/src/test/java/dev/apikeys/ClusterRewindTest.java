package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.StoreCall;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database whose history changed: restored from a backup, or created again. */
@Tag("tr-skip") // The feed of changes knows no locale.
class ClusterRewindTest {
    private static final Verification REVOKED = new Verification.Rejected(Rejection.REVOKED);

    private final FaultyStore database = new FaultyStore();
    private Cluster cluster;
    private Cluster.Node here;
    private Cluster.Node there;

    @BeforeEach
    void open() {
        cluster = new Cluster(database);
        here = cluster.node();
        there = cluster.node();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A database in which this key is as it was when it was issued. */
    private ApiKeyStore backupWith(IssuedKey key) {
        StoredCredential stored = database.findCredential(key.key().publicId()).orElseThrow();
        ApiKeyStore backup = new InMemoryApiKeyStore();
        backup.insert(SampleKey.toAdd(key.key(), stored.hash()));
        return backup;
    }

    private void restore(ApiKeyStore backup) {
        database.replaceBy(backup);
        here.awaitPoll();
        there.awaitPoll();
    }

    @Test
    void database_madeAnew_makesAllThatWasKnownUnknown() {
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        restore(new InMemoryApiKeyStore());

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.UNKNOWN));
        assertThat(there.keys().stats().rewinds()).isEqualTo(1);
        assertThat(here.keys().stats().rewinds()).isEqualTo(1);
    }

    @Test
    void key_revokedInTheRestoredDatabase_isRefusedThoughItsEpochWasSeenBefore() {
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        ApiKeyStore backup = backupWith(key);
        for (int i = 0; i < 3; i++) {
            here.keys().ownerChanged(Owner.user("bob"));
        }
        restore(backup);
        assertThat(there.accepts(key)).isTrue();

        Cluster.revoke(here, key);

        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(REVOKED);
        assertThat(there.keys().stats().rewinds()).isEqualTo(1);
    }

    @Test
    void key_revokedWhileNobodyCouldSeeIt_isRefusedAfterTheRewind() {
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        ApiKeyStore backup = backupWith(key);
        here.keys().ownerChanged(Owner.user("bob"));
        here.awaitPoll();
        there.awaitPoll();
        // At the same epoch as the database before, and without a word in the feed.
        try (KeyService maintenance = KeyService.builder(backup).build()) {
            var unused = maintenance.revoke(Cluster.ref(key), Cluster.ADMIN, "during the restore");
        }

        restore(backup);

        assertThat(there.verify(key)).isEqualTo(REVOKED);
        assertThat(here.verify(key)).isEqualTo(REVOKED);
    }

    @Test
    void loadUnderWay_whenTheDatabaseIsReplaced_isNotKept() throws Exception {
        IssuedKey key = Cluster.issue(here);
        Gate load = there.faults().holdAfter(StoreCall.FIND_CREDENTIAL);
        var slow = cluster.start(() -> there.verify(key));
        load.awaitReached();

        restore(new InMemoryApiKeyStore());
        load.open();

        assertThat(slow.get()).isNotNull();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.UNKNOWN));
    }

    @Test
    void owners_afterARewind_areReadAgain() {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Cluster.Node node = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        IssuedKey key = Cluster.issue(here);
        assertThat(node.accepts(key)).isTrue();
        ApiKeyStore backup = backupWith(key);

        state.set(OwnerDirectory.State.inactive());
        restore(backup);
        node.awaitPoll();

        assertThat(node.verify(key)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void feed_thatReportsARewind_isBelievedEachTime() {
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        long loads = there.keys().stats().loads();

        there.faults()
                .changeBatches(reading -> new ChangeBatch(
                        reading.position(), ChangeBatch.Continuity.REWOUND, reading.changes(), reading.storeTime()));
        there.awaitPoll();
        there.faults().changeBatches(reading -> reading);
        there.awaitPoll();

        assertThat(there.accepts(key)).isTrue();
        assertThat(there.keys().stats().loads()).isEqualTo(loads + 1);
        assertThat(there.keys().stats().rewinds()).isPositive();
    }

    @Test
    void firstReading_neverCountsAsARewind() {
        Cluster.issue(here);
        assertThat(here.keys().stats().rewinds()).isZero();
        assertThat(cluster.node().keys().stats().rewinds()).isZero();
    }
}
