package dev.apikeys.jdbi;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A primary and a standby that follows it. */
final class PostgresPair implements AutoCloseable {
    private final PostgresServer primary;
    private final PostgresServer standby;

    /** Whether a commit on the primary waits for the standby. */
    enum Replication {
        SYNCHRONOUS("standby"),
        ASYNCHRONOUS("");

        private final String standbys;

        Replication(String standbys) {
            this.standbys = standbys;
        }
    }

    /** Both on copies of the template in this directory. */
    PostgresPair(PostgresServer.Template template, Path directory, Replication replication) throws IOException {
        this.primary = template.copy(directory.resolve("primary"), "synchronous_standby_names=" + replication.standbys);
        this.standby = template.copy(
                        directory.resolve("standby"),
                        "primary_conninfo=host=127.0.0.1 port=" + primary.port()
                                + " user=postgres application_name=standby")
                .asStandby();
        primary.start();
        standby.start();
        awaitFollowing();
    }

    /** Waits until the standby has everything, and commits may wait for it. */
    void awaitFollowing() {
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> primary.database()
                                .number("SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming'"
                                        + " AND replay_lsn = pg_current_wal_lsn()")
                        == 1);
    }

    PostgresServer primary() {
        return primary;
    }

    PostgresServer standby() {
        return standby;
    }

    /** Whichever of the two is the primary, as the driver finds it out from a list of hosts. */
    TestDatabase database() {
        return new TestDatabase(
                "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port()
                        + "/postgres?targetServerType=primary&hostRecheckSeconds=0&loginTimeout=1&connectTimeout=1"
                        + "&socketTimeout=10",
                "postgres",
                "",
                "");
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
