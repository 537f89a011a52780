package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.cli.TestServers.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} finds of set-ups that were broken on purpose. No locale changes what a database says. */
@Tag("tr-skip")
class DoctorTest {
    @TempDir
    private Path directory;

    private static CommandRun made(TestDatabase database) {
        CommandRun cli = new CommandRun(database.url(), database.user());
        cli.ok("schema", "create");
        return cli;
    }

    private static void assertFinds(CommandRun cli, String level, String check, String... found) {
        CommandRun.Result report = cli.run("doctor");
        assertThat(report.code()).isEqualTo(level.equals("PROBLEM") ? 7 : 0);
        assertThat(report.out()).containsPattern(check + " +" + level);
        String json = cli.run("doctor", "--json").out();
        assertThat(json).contains(found).contains("\"advice\"");
    }

    @Test
    void soundDatabase_isSound() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun.Result report = made(database).run("doctor");
            assertThat(report.out()).doesNotContain("PROBLEM", "WARNING");
            assertThat(report.messages()).contains("All is well.");
        }
    }

    @Test
    void missingIndex() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("DROP INDEX api_key_by_owner");
            assertFinds(cli, "PROBLEM", "indexes", "api_key_by_owner", "run CREATE INDEX");
        }
    }

    @Test
    void missingIndex_inMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            CommandRun cli = made(database);
            database.execute("DROP INDEX api_key_by_state ON api_key");
            assertFinds(cli, "PROBLEM", "indexes", "api_key_by_state");
        }
    }

    @Test
    void commitsThatAreNotWaitedFor() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("ALTER ROLE postgres SET synchronous_commit = off");
            try {
                assertFinds(cli, "WARNING", "durability", "synchronous_commit is off");
            } finally {
                database.execute("ALTER ROLE postgres RESET synchronous_commit");
            }
        }
    }

    @Test
    void serverThatDoesNotFlush() throws Exception {
        try (EmbeddedPostgres careless = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .start()) {
            String url = "jdbc:postgresql://localhost:" + careless.getPort() + "/postgres";
            CommandRun cli = made(new TestDatabase(url, "postgres", ""));
            assertFinds(cli, "PROBLEM", "durability", "fsync is off", "full_page_writes is off");
        }
    }

    @Test
    void logThatIsFlushedLate_inMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            CommandRun cli = made(database);
            database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
            try {
                assertFinds(cli, "PROBLEM", "durability", "innodb_flush_log_at_trx_commit is 2");
            } finally {
                database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
            }
        }
    }

    @Test
    void clockAhead() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database).at(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-5)));
            assertFinds(cli, "PROBLEM", "clock", "ahead of this machine's");
        }
    }

    @Test
    void missingRight() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            made(database);
            try (TestDatabase other = database.asUserWith("SELECT, INSERT, UPDATE")) {
                assertFinds(
                        new CommandRun(other.url(), other.user()), "PROBLEM", "rights", "may not DELETE on api_key");
            }
        }
    }

    @Test
    void oldSchema_halfSchema_andNone() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = new CommandRun(database.url(), database.user());
            assertFinds(cli, "PROBLEM", "schema", "there are no tables");
            cli.ok("schema", "create");
            database.execute("UPDATE api_key_epoch SET schema_version = 1");
            assertFinds(cli, "PROBLEM", "schema", "schema version 1", "V2__");
            database.execute("UPDATE api_key_epoch SET schema_version = 2", "DROP TABLE api_key_usage");
            assertFinds(cli, "PROBLEM", "schema", "half way", "api_key_usage");
        }
    }

    @Test
    void readOnlyDatabase() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            made(database);
            assertFinds(
                    new CommandRun(database.url() + "&options=-c%20default_transaction_read_only=on", database.user()),
                    "PROBLEM",
                    "rights",
                    "read-only");
        }
    }

    @Test
    void poolTooSmall_andTooManyConnections() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            assertThat(cli.run("doctor", "--pool-size", "1").out()).contains("a pool of 1 connection is too small");
            CommandRun.Result many = cli.run("doctor", "--nodes", "50", "--pool-size", "20");
            assertThat(many.code()).isEqualTo(7);
            assertThat(many.out()).contains("need 1050 connections");
        }
    }

    @Test
    void restoredDatabase_asAWhole_andInPart() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            String memory = directory.resolve("history.json").toString();
            database.execute("UPDATE api_key_epoch SET epoch = 10");
            cli.ok("doctor", "--remember", memory);
            database.execute("UPDATE api_key_epoch SET epoch = 4");
            CommandRun.Result older = cli.run("doctor", "--remember", memory);
            assertThat(older.code()).isEqualTo(7);
            assertThat(older.out()).contains("fell from 10 to 4");
            Path other = Files.writeString(directory.resolve("other.json"), "{\"epoch\":\"x\"}");
            assertThat(cli.run("doctor", "--remember", other.toString()).messages())
                    .contains("not one that doctor wrote");
            database.execute("INSERT INTO api_key_change (epoch, stamp, public_id, changed_at) VALUES (9, 1, 'a', 1)");
            assertFinds(cli, "PROBLEM", "epoch", "a part of the tables was restored");
        }
    }

    @Test
    void soundDatabase_isSound_inMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            CommandRun.Result report = made(database).run("doctor");
            assertThat(report.out()).doesNotContain("PROBLEM", "WARNING");
        }
    }

    @Test
    void newerSchema_isAWarning() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("UPDATE api_key_epoch SET schema_version = 3");
            assertFinds(cli, "WARNING", "schema", "schema version 3 is newer than this library");
        }
    }

    @Test
    void missingRowOfTheEpoch() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("DELETE FROM api_key_epoch");
            assertFinds(cli, "PROBLEM", "schema", "the row in api_key_epoch is missing");
        }
    }

    @Test
    void changesThatNobodyRemoves() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            cli.ok("issue", "--for-user", "alice", "--name", "n", "--mode", "read");
            cli.ok("revoke", "--for-user", "alice", "--yes");
            long old = System.currentTimeMillis() - Duration.ofDays(30).toMillis();
            database.execute("UPDATE api_key_change SET changed_at = " + old);
            assertFinds(cli, "WARNING", "epoch", "changes of 30 days ago are still there");
        }
    }

    @Test
    void databaseThatIsTooFar() throws Exception {
        try (TestDatabase database = TestServers.postgres();
                SlowLine line = SlowLine.before(database, Duration.ofMillis(250))) {
            made(database);
            CommandRun cli = new CommandRun(line.over(database.url()), database.user());
            assertFinds(cli, "PROBLEM", "lease", "services allow 200 ms", "nearer to the database");
        }
    }

    @Test
    void databaseInMemory_isAWarning() {
        TestDatabaseInMemory database = new TestDatabaseInMemory();
        database.cli().ok("schema", "create");
        assertFinds(database.cli(), "WARNING", "durability", "H2 keeps this database in memory");
    }

    @Test
    void adviceIsShownWhole_andNothingIsChanged() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("DROP INDEX api_key_by_owner");
            String out = cli.run("doctor").out();

            assertThat(out).contains("-> run CREATE INDEX").doesNotContain("…");
            assertThat(cli.run("doctor").out().lines().filter(line -> line.contains("api_key_by_owner")))
                    .hasSize(2);
        }
    }
}
