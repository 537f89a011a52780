package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tables of an older version become those of a later one, with what they hold, while nodes of the older version work. A
 * script of the tests stands for a version later than this library's.
 */
@Tag("tr-skip")
class SchemaUpgradeTest {
    /** Of the script that upgrades to version 2. */
    private static final Map<DatabaseServer, Integer> STATEMENTS =
            Map.of(DatabaseServer.H2, 12, DatabaseServer.MARIADB, 13, DatabaseServer.POSTGRESQL, 15);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> FIRST = Schema.SCRIPTS.subList(0, 1);
    private static final List<String> LATER = later();
    private static final String VERSION = "SELECT schema_version FROM api_key_epoch";

    private static List<String> later() {
        List<String> all = new ArrayList<>(Schema.SCRIPTS);
        all.add("later-schema/%s/V3__note.sql");
        return List.copyOf(all);
    }

    private static Schema schema(TestDatabase database, List<String> scripts) {
        return new Schema(database.plain(), PATIENCE, scripts);
    }

    /** Tables of version 1 with one key, stored by a statement of that version. */
    private static ApiKey versionOne(TestDatabase database) {
        schema(database, FIRST).prepare(SchemaHandling.APPLY);
        return insertedByVersionOne(database);
    }

    private static ApiKey insertedByVersionOne(TestDatabase database) {
        ApiKey key = new SampleKey()
                .id(UUID.randomUUID())
                .with(KeyOptions.DEFAULT.labelled("crm"))
                .build();
        database.execute("INSERT INTO api_key (public_id, name, search_text, grant_mode, grant_scopes, allowed_from,"
                + " expires_at, paused_at, revoked_at, revoked_by, revoked_reason, version, self_revocation, label,"
                + " mcp_policy, mcp_policy_version, id, kind, user_id, organization_id, workspace_id, owner_id,"
                + " created_at, created_by, slot, mcp_seen_version) VALUES ('" + key.publicId() + "', 'CRM', 'crm',"
                + " 'READ', NULL, '', " + key.expiresAt().toEpochMilli()
                + ", NULL, NULL, NULL, NULL, 1, 'REFUSED', 'crm',"
                + " '" + McpColumn.write(key.options().mcp()) + "', 1, '" + key.id()
                + "', 'PERSONAL', 'alice', 'org_1',"
                + " '', '" + OwnerId.of(key.kind(), key.owner()) + "', "
                + key.createdAt().toEpochMilli()
                + ", 'alice', NULL, 0)");
        return key;
    }

    @ParameterizedTest
    @EnumSource
    void tablesOfVersionOne_areUpgradedWithWhatTheyHold(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKey key = versionOne(database);

            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());

            assertThat(database.number(VERSION)).isEqualTo(2);
            assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
            assertThat(store.list(KeyFilter.everything().metadata("label", "crm"), PageRequest.first(9))
                            .items())
                    .as("the label is a part of the metadata")
                    .containsExactly(key);
            store.insert(SampleKey.toAdd(new SampleKey().build(), 10));
        }
    }

    /** A node of version 1 starts and goes on while others have upgraded the tables. */
    @ParameterizedTest
    @EnumSource
    void nodeOfVersionOne_onUpgradedTables_startsAndStoresKeys(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());

            schema(database, FIRST).prepare(SchemaHandling.EXPECT);
            schema(database, FIRST).prepare(SchemaHandling.APPLY);
            ApiKey key = insertedByVersionOne(database);

            assertThat(database.number(VERSION)).isEqualTo(2);
            assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thisLibrary_onTablesOfALaterVersion_works(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            schema(database, LATER).prepare(SchemaHandling.APPLY);
            assertThat(database.number(VERSION)).isEqualTo(3);
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            store.insert(SampleKey.toAdd(new SampleKey().build(), 10));
            assertThat(database.number("SELECT COUNT(*) FROM api_key WHERE note IS NULL"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyNodes_atOnce_upgradeOnce(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            versionOne(database);
            Race.between(6, i -> () -> JdbiApiKeyStore.create(database.plain()));
            assertThat(database.number(VERSION)).isEqualTo(2);
            assertThat(JdbiApiKeyStore.create(database.plain())
                            .list(KeyFilter.everything(), PageRequest.first(1))
                            .total())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void olderTables_thatAreOnlyExpected_areRefusedWithTheScriptToRun(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            versionOne(database);
            assertThatThrownBy(() -> schema(database, Schema.SCRIPTS).prepare(SchemaHandling.EXPECT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("schema version 1")
                    .hasMessageContaining("needs version 2")
                    .hasMessageContaining("V2__metadata_and_notices.sql");
            assertThat(database.number(VERSION)).isEqualTo(1);
        }
    }

    /**
     * A node is killed behind any statement of the upgrade. PostgreSQL takes back what it did. Elsewhere older nodes go on,
     * and the upgrade goes on when its mark was dropped.
     */
    @ParameterizedTest
    @EnumSource
    void upgrade_thatWasKilledBehindAnyStatement_canGoOn(DatabaseServer server) throws Exception {
        int done = 0;
        boolean ended = false;
        while (!ended) {
            done++;
            try (TestDatabase database = server.newDatabase()) {
                ApiKey key = versionOne(database);
                ended = runUntilKilled(database, done);
                schema(database, FIRST).prepare(SchemaHandling.EXPECT);
                ApiKeySchema impatient = new ApiKeySchema(database.plain(), Duration.ofMillis(20));
                if (impatient.status().state() == ApiKeySchema.State.INCOMPLETE) {
                    assertThat(server).isNotEqualTo(DatabaseServer.POSTGRESQL);
                    assertThatThrownBy(impatient::upgrade)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("drop this table")
                            .hasMessageContaining("api_key_upgrade_2");
                    database.execute("DROP TABLE api_key_upgrade_2");
                }

                assertThat(impatient.upgrade())
                        .isEqualTo(new ApiKeySchema.Status(ApiKeySchema.State.CURRENT, 2, List.of()));
                assertThat(JdbiApiKeyStore.create(database.plain()).find(key.id(), KeyFilter.everything()))
                        .contains(key);
            }
        }
        assertThat(done).as("statements").isEqualTo(STATEMENTS.get(server));
    }

    /** Runs so many statements of the upgrade as a store does, and gives the connection up. True if these are all. */
    private static boolean runUntilKilled(TestDatabase database, int statements) throws SQLException {
        try (Connection connection = database.connect()) {
            Database kind = Database.of(connection);
            List<String> script = new SchemaScript(kind, Schema.SCRIPTS.get(1).formatted(kind.folder())).statements();
            connection.setAutoCommit(!kind.rollsBackSchemaChanges());
            for (String sql : script.subList(0, statements)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
            return statements == script.size();
        }
    }

    /** MySQL, which reads the script for MariaDB, has no IF NOT EXISTS for indexes. */
    @Test
    void index_thatAnUpgradeLeftBehind_isNoFailureOnMySql() throws Exception {
        try (TestDatabase database = DatabaseServer.MARIADB.newDatabase()) {
            versionOne(database);
            List<String> asMySqlReadsIt = new SchemaScript(
                            Database.MARIADB, Schema.SCRIPTS.get(1).formatted(Database.MARIADB.folder()))
                    .statements().stream()
                            .map(sql -> sql.replace("/*M! IF NOT EXISTS */ ", ""))
                            .toList();
            database.execute("CREATE INDEX api_key_by_label ON api_key (label, created_at, id)");
            try (Connection connection = database.connect()) {
                new SchemaScript(Database.MARIADB, asMySqlReadsIt).run(connection);
            }
            assertThat(ApiKeySchema.of(database.plain()).status().state()).isEqualTo(ApiKeySchema.State.CURRENT);
        }
    }
}
