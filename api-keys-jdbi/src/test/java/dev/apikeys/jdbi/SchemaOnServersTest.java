package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.testkit.Race;
import java.time.Duration;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts on the databases that they are for, and the library without the right to run them. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
class SchemaOnServersTest {
    @ParameterizedTest
    @EnumSource
    void schema_appliedByFlyway_isFoundComplete(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            flyway(database, server);
            worksOn(JdbiApiKeyStore.builder(database.pool(2)).expectSchema().build());
            assertThat(flyway(database, server)).as("a second run").isZero();
        }
    }

    private static int flyway(TestDatabase database, DatabaseServer server) {
        return Flyway.configure()
                .dataSource(database.plain())
                .locations("classpath:dev/apikeys/jdbi/schema/" + server.name().toLowerCase(Locale.ROOT))
                .table("api_key_schema_history")
                .load()
                .migrate()
                .migrationsExecuted;
    }

    @ParameterizedTest
    @EnumSource
    void schema_manyNodesStartAtOnceOnAnEmptyDatabase_isMadeOnce(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            Race.between(6, i -> () -> JdbiApiKeyStore.create(database.plain()));
            assertThat(database.number("SELECT COUNT(*) FROM api_key_epoch")).isEqualTo(1);
            worksOn(database.store(2));
        }
    }

    /** As clusters and managed servers want it. */
    @Test
    void schema_onAServerThatWantsAPrimaryKeyOfEachTable_isMade() throws Exception {
        try (TestDatabase database = DatabaseServer.MARIADB.newDatabase()) {
            database.execute("SET GLOBAL innodb_force_primary_key = ON");
            try {
                worksOn(JdbiApiKeyStore.create(database.plain()));
            } finally {
                database.execute("SET GLOBAL innodb_force_primary_key = OFF");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void store_userWithoutDdlRights_doesAllItsWork(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            TestDatabase clerk = clerkOf(server, database);
            assertThatThrownBy(() -> clerk.execute("CREATE TABLE forbidden (id INT)"))
                    .isInstanceOf(AssertionError.class);
            worksOn(JdbiApiKeyStore.builder(clerk.pool(2)).expectSchema().build());
            worksOn(JdbiApiKeyStore.create(clerk.plain()));
        }
    }

    /** A user who may read and write rows, and nothing else. */
    private static TestDatabase clerkOf(DatabaseServer server, TestDatabase database) {
        String name = "clerk" + Long.toString(System.nanoTime(), 36);
        String rights = "GRANT SELECT, INSERT, UPDATE, DELETE ON ";
        switch (server) {
            case H2 -> database.execute("CREATE USER " + name + " PASSWORD ''", rights + "SCHEMA PUBLIC TO " + name);
            case POSTGRESQL -> {
                String schema = database.value("SELECT current_schema()");
                database.execute(
                        "CREATE ROLE " + name + " LOGIN",
                        "GRANT USAGE ON SCHEMA " + schema + " TO " + name,
                        rights + "ALL TABLES IN SCHEMA " + schema + " TO " + name);
            }
            case MARIADB ->
                database.execute(
                        "CREATE USER " + name + "@localhost",
                        rights + database.value("SELECT DATABASE()") + ".* TO " + name + "@localhost");
        }
        // Only an administrator may say how long H2 keeps a database in memory.
        return database.as(database.url().replace(";DB_CLOSE_DELAY=-1", ""), name, "");
    }

    private static void worksOn(JdbiApiKeyStore store) {
        // A busy machine may take its time for a poll, so that a poll that fails does so because of missing rights.
        LeasePolicy patient = LeasePolicy.DEFAULT
                .strict()
                .timing(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (KeyService keys = KeyService.builder(store).lease(patient).build()) {
            IssuedKey key = Nodes.issue(keys, "alice");
            assertThat(Nodes.accepts(keys, key.token().reveal())).isTrue();
            keys.flush();
            IssuedKey next = keys.rotate(Nodes.ref(key), Actor.of("alice"));
            assertThat(Nodes.accepts(keys, next.token().reveal())).isTrue();
            keys.revoke(Nodes.ref(key), Actor.of("alice"), "");
            assertThat(Nodes.accepts(keys, next.token().reveal())).isFalse();
            assertThat(keys.maintain()).isNotNull();
            assertThat(keys.stats().failedPolls()).isZero();
        }
    }
}
