package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.cli.TestServers.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables that are printed, made by hand, and upgraded. No locale changes a script. */
@Tag("tr-skip")
class SchemaTest {
    private static void upgrade(TestDatabase database, String separator) throws Exception {
        CommandRun cli = new CommandRun(database.url(), database.user());
        JsonNode scripts = new ObjectMapper().readTree(cli.ok("schema", "print", "--json"));
        assertThat(scripts).hasSize(2);
        new TestDatabase(database.url() + separator, database.user(), "")
                .execute(scripts.get(0).get("text").asText());

        CommandRun.Result older = cli.run("schema", "status");
        assertThat(older.code()).isEqualTo(Exit.UNFIT.code());
        assertThat(older.out()).contains("OLDER");
        assertThat(older.messages()).contains("run 'schema upgrade'");
        CommandRun.Result list = cli.run("list");
        assertThat(list.code()).isEqualTo(Exit.UNFIT.code());
        assertThat(list.messages()).contains("schema version 1", "See 'schema status'");
        CommandRun.Result asked = cli.run("schema", "upgrade");
        assertThat(asked.code()).isEqualTo(Exit.NOT_CONFIRMED.code());
        assertThat(asked.messages()).contains("from version 1 to 2");
        assertThat(cli.ok("schema", "upgrade", "--yes")).contains("CURRENT");
        assertThat(cli.ok("schema", "upgrade")).contains("CURRENT");
        cli.ok("issue", "--for-user", "a", "--name", "n", "--mode", "read", "--metadata", "team=payments");
        assertThat(cli.ok("list", "--metadata", "team=payments")).contains("team=payments");
    }

    @Test
    void firstVersion_isUpgraded_onPostgres() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            upgrade(database, "");
        }
    }

    @Test
    void firstVersion_isUpgraded_onMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            upgrade(database, "?allowMultiQueries=true");
        }
    }

    @Test
    void scriptsThatWerePrinted_makeTheTables() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = new CommandRun(database.url(), database.user());
            database.execute(cli.ok("schema", "print"));

            assertThat(cli.ok("schema", "status")).contains("CURRENT");
            assertThat(cli.ok("schema", "print", "--from", "1"))
                    .contains("V2__")
                    .doesNotContain("V1__");
            assertThat(cli.ok("schema", "print", "--from", "2")).isEmpty();
        }
    }
}
