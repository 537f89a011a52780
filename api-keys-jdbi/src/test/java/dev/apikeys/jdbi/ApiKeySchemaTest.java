package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.jdbi.ApiKeySchema.Script;
import dev.apikeys.jdbi.ApiKeySchema.State;
import dev.apikeys.jdbi.ApiKeySchema.Status;
import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator learns of the tables of a database, and can do about them. */
@Tag("tr-skip") // Names of tables and versions don't depend on the locale.
class ApiKeySchemaTest {
    private static ApiKeySchema schemaOf(TestDatabase database) {
        return new ApiKeySchema(database.plain(), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void create_onAnEmptyDatabase_makesTheLatestTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeySchema schema = schemaOf(database);
            assertThat(schema.status()).isEqualTo(new Status(State.NONE, 0, List.of()));

            Status made = schema.create();

            assertThat(made).isEqualTo(new Status(State.CURRENT, ApiKeySchema.LATEST_VERSION, List.of()));
            assertThat(schema.create()).isEqualTo(made);
            assertThat(schema.upgrade()).isEqualTo(made);
            assertThat(JdbiApiKeyStore.builder(database.plain()).expectSchema().build())
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void olderTables_areUpgraded_andNotCreated(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            new Schema(database.plain(), Duration.ofSeconds(10), Schema.SCRIPTS.subList(0, 1))
                    .prepare(SchemaHandling.APPLY);
            ApiKeySchema schema = schemaOf(database);
            assertThat(schema.status()).isEqualTo(new Status(State.OLDER, 1, List.of()));
            assertThatThrownBy(schema::create)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("schema version 1");

            assertThat(schema.upgrade().state()).isEqualTo(State.CURRENT);
        }
    }

    @Test
    void olderTables_asInTheGuide_areUpgraded() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            new Schema(database.plain(), Duration.ofSeconds(10), Schema.SCRIPTS.subList(0, 1))
                    .prepare(SchemaHandling.APPLY);
            DataSource dataSource = database.plain();
            // tag::schema[]
            ApiKeySchema schema = ApiKeySchema.of(dataSource);
            ApiKeySchema.Status before = schema.status(); // OLDER, 1
            List<ApiKeySchema.Script> scripts = schema.scripts(); // to read them, or to run them by hand
            ApiKeySchema.Status after = schema.upgrade(); // CURRENT, 2
            // end::schema[]
            assertThat(before).isEqualTo(new Status(State.OLDER, 1, List.of()));
            assertThat(scripts).hasSize(2);
            assertThat(after).isEqualTo(new Status(State.CURRENT, 2, List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void scripts_runByHandInTheirOrder_makeTheTables(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeySchema schema = schemaOf(database);
            List<Script> scripts = schema.scripts();
            assertThat(scripts).extracting(Script::version).containsExactly(1, 2);
            assertThat(scripts)
                    .extracting(Script::fileName)
                    .containsExactly("V1__api_keys.sql", "V2__metadata_and_notices.sql");
            for (Script script : scripts) {
                for (String statement :
                        script.text().replaceAll("(?m)^--.*$", "").split(";\n", -1)) {
                    if (!statement.isBlank()) {
                        database.execute(statement);
                    }
                }
                assertThat(schema.status().version()).isEqualTo(script.version());
            }
            assertThat(schema.status().state()).isEqualTo(State.CURRENT);
        }
    }

    @Test
    void status_ofTablesThatAreIncompleteOrNewer_saysSo() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            ApiKeySchema schema = schemaOf(database);
            schema.create();
            database.execute("UPDATE api_key_epoch SET schema_version = 7");
            assertThat(schema.status()).isEqualTo(new Status(State.NEWER, 7, List.of()));
            assertThat(schema.upgrade().state()).isEqualTo(State.NEWER);
            assertThatThrownBy(schema::create).hasMessageContaining("schema version 7");

            database.execute("DROP TABLE api_key_notice");
            assertThat(schema.status()).isEqualTo(new Status(State.INCOMPLETE, 0, List.of("api_key_notice")));
            assertThatThrownBy(schema::upgrade)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("api_key_notice")
                    .hasMessageContaining("V2__metadata_and_notices.sql");
        }
    }

    @Test
    void upgrade_onAnEmptyDatabase_isRefused() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            assertThatThrownBy(schemaOf(database)::upgrade).hasMessageContaining("there are no tables");
        }
    }
}
