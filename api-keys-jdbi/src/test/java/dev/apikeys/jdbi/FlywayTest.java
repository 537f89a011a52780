package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two ways of the guide to let Flyway make the tables, on an empty database and on one that has grown. */
@Tag("tr-skip")
class FlywayTest {
    @TempDir
    private Path migrations;

    private static String location(DatabaseServer server) {
        return "dev/apikeys/jdbi/schema/" + server.name().toLowerCase(Locale.ROOT);
    }

    /** A migration of the host. */
    private void write(String file, String sql) throws IOException {
        Files.writeString(migrations.resolve(file), sql);
    }

    /** What the guide says: each of our scripts under a version of the host's own, beginning with this one. */
    private void copyOurs(DatabaseServer server, int version) throws IOException {
        int next = version;
        for (String script : Schema.SCRIPTS) {
            String name = script.substring(script.lastIndexOf('/') + 1);
            String resource = "/" + location(server) + "/" + name;
            try (InputStream in = Objects.requireNonNull(FlywayTest.class.getResourceAsStream(resource), resource)) {
                Files.copy(in, migrations.resolve("V" + next++ + name.substring(name.indexOf("__"))));
            }
        }
    }

    private FluentConfiguration hosts(TestDatabase database) {
        return Flyway.configure().dataSource(database.plain()).locations("filesystem:" + migrations);
    }

    private static FluentConfiguration ours(DatabaseServer server, TestDatabase database) {
        return Flyway.configure()
                .dataSource(database.plain())
                .locations("classpath:" + location(server))
                .table("api_key_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0");
    }

    private static void assertWorks(TestDatabase database) {
        JdbiApiKeyStore store =
                JdbiApiKeyStore.builder(database.pool(2)).expectSchema().build();
        try (KeyService service = KeyService.builder(store).build()) {
            IssuedKey key = Nodes.issue(service, "alice");
            assertThat(Nodes.accepts(service, key.token().reveal())).isTrue();
            Nodes.revoke(service, key);
        }
        // It leaves the tables alone that Flyway made.
        assertThat(JdbiApiKeyStore.create(database.plain())).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void hostsHistory_onAnEmptyDatabase_makesTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            write("V1__accounts.sql", "CREATE TABLE accounts (id INT);");
            copyOurs(server, 2);
            write("V9__more.sql", "CREATE TABLE more (id INT);");

            assertThat(hosts(database).load().migrate().migrationsExecuted).isEqualTo(2 + Schema.SCRIPTS.size());

            assertWorks(database);
            hosts(database).load().validate();
            assertThat(hosts(database).load().migrate().migrationsExecuted).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void hostsHistory_thatHasGrown_makesTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            write("V1__accounts.sql", "CREATE TABLE accounts (id INT);");
            write("V41__more.sql", "CREATE TABLE more (id INT);");
            assertThat(hosts(database).load().migrate().migrationsExecuted).isEqualTo(2);
            copyOurs(server, 42);

            assertThat(hosts(database).load().migrate().migrationsExecuted).isEqualTo(Schema.SCRIPTS.size());

            assertWorks(database);
            hosts(database).load().validate();
        }
    }

    /** A host whose tables are older than its Flyway. */
    @ParameterizedTest
    @EnumSource
    void hostsHistory_thatBeginsWithABaseline_makesTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            database.execute("CREATE TABLE accounts (id INT)");
            copyOurs(server, 2);

            assertThat(hosts(database).baselineOnMigrate(true).load().migrate().migrationsExecuted)
                    .isEqualTo(Schema.SCRIPTS.size());

            assertWorks(database);
        }
    }

    @ParameterizedTest
    @EnumSource
    void historyOfItsOwn_onAnEmptyDatabase_makesTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            assertThat(ours(server, database).load().migrate().migrationsExecuted)
                    .isEqualTo(Schema.SCRIPTS.size());
            assertWorks(database);
            ours(server, database).load().validate();
            assertThat(ours(server, database).load().migrate().migrationsExecuted)
                    .isZero();
        }
    }

    @Test
    void historyOfItsOwn_asInTheGuide_makesTheTables() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            database.execute("CREATE TABLE accounts (id INT)");
            DataSource dataSource = database.plain();
            // tag::flyway[]
            Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:dev/apikeys/jdbi/schema/postgresql")
                    .table("api_key_schema_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            // end::flyway[]
            assertWorks(database);
        }
    }

    @ParameterizedTest
    @EnumSource
    void historyOfItsOwn_besideAGrownOne_makesTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            write("V1__accounts.sql", "CREATE TABLE accounts (id INT);");
            write("V300__more.sql", "CREATE TABLE more (id INT);");
            hosts(database).load().migrate();

            assertThat(ours(server, database).load().migrate().migrationsExecuted)
                    .isEqualTo(Schema.SCRIPTS.size());

            assertWorks(database);
            write("V301__later.sql", "CREATE TABLE later (id INT);");
            assertThat(hosts(database).load().migrate().migrationsExecuted).isEqualTo(1);
        }
    }

    /** Our location with Flyway's own baseline, which is version 1: the first script is left out, which the second says. */
    @Test
    void ourLocation_behindABaselineOfVersionOne_isRefusedByFlywayAndAtTheStart() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            database.execute("CREATE TABLE accounts (id INT)");
            assertThatThrownBy(() -> ours(DatabaseServer.H2, database)
                            .baselineVersion("1")
                            .load()
                            .migrate())
                    .hasMessageContaining("V2__metadata_and_notices");
            assertThatThrownBy(() -> JdbiApiKeyStore.builder(database.plain())
                            .expectSchema()
                            .build())
                    .hasMessageContaining("there are no tables for API keys");
        }
    }

    /** What the guide warns of. */
    @Test
    void ourLocation_besideTheHostsOwnVersionOne_isRefusedByFlyway() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            write("V1__accounts.sql", "CREATE TABLE accounts (id INT);");
            assertThatThrownBy(() -> Flyway.configure()
                            .dataSource(database.plain())
                            .locations("filesystem:" + migrations, "classpath:" + location(DatabaseServer.H2))
                            .load()
                            .migrate())
                    .hasMessageContaining("more than one migration with version 1");
        }
    }
}
