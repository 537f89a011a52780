package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T55: a node that is far behind reads in bounded parts, and past a bound nothing at all. */
@Tag("tr-skip")
class FeedBoundTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Makes the history of so many changes more. */
    static void addChanges(DatabaseServer server, TestDatabase database, int count) {
        long first = database.number("SELECT epoch FROM api_key_epoch") + 1;
        String numbers = switch (server) {
            case H2 -> "(SELECT x AS n FROM SYSTEM_RANGE(0, " + (count - 1) + "))";
            case POSTGRESQL -> "(SELECT n FROM generate_series(0, " + (count - 1) + ") AS s (n))";
            case MARIADB -> "(SELECT seq AS n FROM seq_0_to_" + (count - 1) + ")";
        };
        database.execute(
                "INSERT INTO api_key_change (epoch, stamp, public_id, changed_at) SELECT " + first + " + n, 7, 'aa', "
                        + System.currentTimeMillis() + " FROM " + numbers + " numbers",
                "UPDATE api_key_epoch SET epoch = epoch + " + count + ", stamp = 7");
    }

    @ParameterizedTest
    @EnumSource
    void feed_farBehind_comesInParts(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(2);
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                int behind = 2 * JdbiChangeFeed.BATCH + 500;
                addChanges(server, database, behind);

                ChangeBatch first = feed.read(start);
                assertThat(first.continuity()).isEqualTo(Continuity.PARTIAL);
                assertThat(first.changes()).hasSize(JdbiChangeFeed.BATCH);
                ChangeBatch second = feed.read(first.position());
                assertThat(second.continuity()).isEqualTo(Continuity.PARTIAL);
                ChangeBatch third = feed.read(second.position());
                assertThat(third.continuity()).isEqualTo(Continuity.CONTINUOUS);
                assertThat(third.changes()).hasSize(500);
                assertThat(third.position().epoch()).isEqualTo(start.epoch() + behind);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void feed_behindThePointOfReadingOneByOne_isAGap(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(2);
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                addChanges(server, database, JdbiChangeFeed.MAX_BEHIND + 1);

                ChangeBatch batch = feed.read(start);

                assertThat(batch.continuity()).isEqualTo(Continuity.GAP);
                assertThat(batch.changes()).isEmpty();
                assertThat(feed.read(batch.position()).continuity()).isEqualTo(Continuity.CONTINUOUS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void feed_epochsOfManyTokens_areBoundedByTheirRows(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(2);
            EpochTable epochs = new EpochTable(Database.valueOf(server.name()));
            Jdbi jdbi = Jdbi.create(database.plain());
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                List<ChangeBatch.Change> expected = new ArrayList<>();
                for (int epoch = 0; epoch < 70; epoch++) {
                    List<String> ids = new ArrayList<>();
                    for (int token = 0; token < 100; token++) {
                        ids.add(Integer.toHexString(epoch * 1_000 + token));
                    }
                    jdbi.useTransaction(handle -> epochs.raise(handle, ids));
                    ids.forEach(id -> expected.add(new ChangeBatch.Change.OfCredential(id)));
                }
                ChangeBatch first = feed.read(start);
                assertThat(first.continuity()).isEqualTo(Continuity.PARTIAL);
                assertThat(first.changes()).hasSizeBetween(1, JdbiChangeFeed.MAX_ROWS);
                ChangeBatch second = feed.read(first.position());
                assertThat(second.continuity()).isEqualTo(Continuity.CONTINUOUS);
                List<ChangeBatch.Change> told = new ArrayList<>(first.changes());
                told.addAll(second.changes());
                assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    /** Restored in the middle of catching up. */
    @ParameterizedTest
    @EnumSource
    void feed_restoredWhileItCatchesUp_isRewound(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(2);
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                addChanges(server, database, 3 * JdbiChangeFeed.BATCH);
                ChangeBatch first = feed.read(start);
                database.execute("UPDATE api_key_change SET stamp = 8");

                assertThat(feed.read(first.position()).continuity()).isEqualTo(Continuity.REWOUND);
            }
        }
    }
}
