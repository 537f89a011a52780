package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.cli.TestServers.TestDatabase;
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
    void fsyncOff_andCommitsThatAreNotWaitedFor() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            CommandRun cli = made(database);
            database.execute("ALTER ROLE postgres SET synchronous_commit = off");
            assertFinds(cli, "WARNING", "durability", "synchronous_commit is off");
            database.execute("ALTER ROLE postgres RESET synchronous_commit", "ALTER SYSTEM SET fsync = off");
            database.execute("SELECT pg_reload_conf()");
            try {
                TestServers.await(() -> database.value("SHOW fsync").equals("off"));
                assertFinds(cli, "PROBLEM", "durability", "fsync is off");
            } finally {
                database.execute("ALTER SYSTEM RESET fsync");
                database.execute("SELECT pg_reload_conf()");
                TestServers.await(() -> database.value("SHOW fsync").equals("on"));
            }
        }
    }

    @Test
    void logThatIsFlushedLate_inMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            CommandRun cli = made(database);
            database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
            assertFinds(cli, "PROBLEM", "durability", "innodb_flush_log_at_trx_commit is 2");
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
            database.execute("INSERT INTO api_key_change (epoch, stamp, public_id, changed_at) VALUES (9, 1, 'a', 1)");
            assertFinds(cli, "PROBLEM", "epoch", "a part of the tables was restored");
        }
    }
}
