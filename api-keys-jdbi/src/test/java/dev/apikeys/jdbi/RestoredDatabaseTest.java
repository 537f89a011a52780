package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Rejection;
import dev.apikeys.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T20: a database that was restored while its nodes ran, with keys that they know and it does not. */
@Tag("tr-skip")
class RestoredDatabaseTest {
    private static final Verification UNKNOWN = new Verification.Rejected(Rejection.UNKNOWN);

    private static void backUp(TestDatabase database) {
        for (SchemaTable table : SchemaTable.ALL) {
            database.execute("CREATE TABLE backup_" + table.name() + " AS SELECT * FROM " + table.name());
        }
    }

    private static void restore(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (SchemaTable table : SchemaTable.ALL) {
                statement.execute("DELETE FROM " + table.name());
                statement.execute("INSERT INTO " + table.name() + " SELECT * FROM backup_" + table.name());
            }
            connection.commit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void key_issuedAfterTheBackup_isUnknownOnStrictAndBalancedNodesWithinY(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT.strict())) {
            nodes.add(database.store(4), LeasePolicy.DEFAULT);
            IssuedKey kept = Nodes.issue(nodes.get(0), "alice");
            backUp(database);
            IssuedKey lost = Nodes.issue(nodes.get(0), "alice");
            letEachPoll(nodes);
            for (int node = 0; node < 2; node++) {
                assertThat(Nodes.accepts(nodes.get(node), lost.token().reveal()))
                        .isTrue();
                assertThat(Nodes.accepts(nodes.get(node), kept.token().reveal()))
                        .isTrue();
            }

            restore(database);

            for (int i = 0; i < 2; i++) {
                KeyService node = nodes.get(i);
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(
                                () -> assertThat(Nodes.ask(node, lost.token().reveal()))
                                        .isEqualTo(UNKNOWN));
                await().untilAsserted(() -> assertThat(node.stats().rewinds()).isEqualTo(1));
                assertThat(Nodes.accepts(node, kept.token().reveal())).isTrue();
            }
            assertThatThrownBy(() -> nodes.get(0).revoke(KeyRef.of(lost.key().id()), Actor.of("admin"), "gone"))
                    .isInstanceOf(KeyNotFoundException.class);
        }
    }

    private static void letEachPoll(Nodes nodes) {
        List<Long> before = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            before.add(nodes.get(i).stats().polls());
        }
        for (int i = 0; i < 2; i++) {
            int node = i;
            await().until(() -> nodes.get(node).stats().polls() >= before.get(node) + 2);
        }
    }

    /** A standby that lacks the last commits, of which no node had polled the witness. */
    @ParameterizedTest
    @EnumSource
    void key_lostWithoutAWitness_isUnknownWithinARoundOfChecks(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT)) {
            IssuedKey lost = Nodes.issue(nodes.get(0), "alice");
            assertThat(Nodes.accepts(nodes.get(0), lost.token().reveal())).isTrue();

            database.execute(
                    "DELETE FROM api_key_credential WHERE public_id = '"
                            + lost.key().publicId() + "'",
                    "DELETE FROM api_key WHERE public_id = '" + lost.key().publicId() + "'");

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    Nodes.ask(nodes.get(0), lost.token().reveal()))
                            .isEqualTo(UNKNOWN));
        }
    }

    @ParameterizedTest
    @EnumSource
    void issuesOfManyOwners_atOnce_neitherWaitNorLookLikeARewind(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(2, database, LeasePolicy.DEFAULT)) {
            for (int i = 0; i < 50; i++) {
                IssuedKey key = Nodes.issue(nodes.get(i % 2), "user" + i);
                assertThat(Nodes.accepts(nodes.get((i + 1) % 2), key.token().reveal()))
                        .isTrue();
            }
            letEachPoll(nodes);
            assertThat(nodes.get(0).stats().rewinds()).isZero();
            assertThat(nodes.get(1).stats().rewinds()).isZero();
        }
    }
}
