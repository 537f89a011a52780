package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.apikeys.Owner;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.SampleKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** T54: what was acknowledged is there after a kill, at the defaults of the library and of the database. */
// The databases know nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class DurabilityTest {
    @TempDir
    Path directory;

    @Test
    void h2InAFile_processKilledRightAfterTheReturn_losesNothing(Figures figures) throws Exception {
        killNodesOnH2(3, figures);
    }

    @Tag("endurance")
    @Test
    void h2InAFile_processKilledFiftyTimesRightAfterTheReturn_losesNothing(Figures figures) throws Exception {
        killNodesOnH2(50, figures);
    }

    private void killNodesOnH2(int times, Figures figures) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")) || Files.isExecutable(Path.of("/usr/bin/kill")), "no kill");
        long lost = 0;
        for (int i = 0; i < times; i++) {
            TestDatabase file = new TestDatabase("jdbc:h2:file:" + directory.resolve("db" + i), "sa", "", "");
            try (NodeProcess node = NodeProcess.start(file, "strict", Duration.ofMinutes(1))) {
                String id = node.tell("issue alice").split(" ", -1)[0];
                if (i % 2 == 0) {
                    node.tell("revoke " + id);
                }
                node.kill();
                String kept = i % 2 == 0 ? "revoked_at IS NOT NULL" : "revoked_at IS NULL";
                lost += 1 - file.number("SELECT COUNT(*) FROM api_key WHERE id = '" + id + "' AND " + kept);
            }
        }
        figures.count("acknowledged changes lost by a kill", "H2", times, lost);
        assertThat(lost).isZero();
    }

    @Tag("endurance")
    @Test
    void postgresThatCommitsAsynchronously_killedRightAfterTheReturn_losesNothing(Figures figures) throws Exception {
        int times = 50;
        long lost = 0;
        try (KillablePostgres server = new KillablePostgres(directory)) {
            server.database().execute("ALTER DATABASE postgres SET synchronous_commit = off");
            JdbiApiKeyStore store = JdbiApiKeyStore.create(server.database().plain());
            for (int i = 0; i < times; i++) {
                long epoch = store.ownerChanged(Owner.user("alice"));
                server.kill();
                server.restart();
                lost += server.database().number("SELECT epoch FROM api_key_epoch") == epoch ? 0 : 1;
            }
        }
        figures.count("acknowledged changes lost by a kill of the database", "POSTGRESQL", times, lost);
        assertThat(lost).isZero();
    }

    /** Off becomes on; what is stronger, or what somebody chose among the durable ones, stays. */
    @ParameterizedTest
    @CsvSource({"off, on", "on, on", "local, local", "remote_apply, remote_apply"})
    void postgres_hasSynchronousCommitInEachTransaction(String before, String during) throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Connection only = database.connect()) {
            JdbiApiKeyStore.create(database.plain());
            value(only, "SELECT set_config('synchronous_commit', '" + before + "', false)");
            List<String> seen = new ArrayList<>();
            DataSource watched = InterceptedDataSource.of(InterceptedDataSource.answering(only), call -> {
                if (call.name().equals("close")) {
                    return null;
                }
                if (call.name().equals("commit")) {
                    seen.add(value(only, "SHOW synchronous_commit"));
                }
                return call.proceed();
            });
            ApiKeyStore store = JdbiApiKeyStore.builder(watched).expectSchema().build();

            store.insert(SampleKey.toAdd(new SampleKey().build(), 1));
            store.ownerChanged(Owner.user("alice"));

            assertThat(seen).containsExactly(during, during);
            assertThat(value(only, "SHOW synchronous_commit")).isEqualTo(before);
        }
    }

    /** The server of the tests flushes its log once a second only, for speed. */
    @Test
    void mariaDb_thatDoesNotFlushAtEachCommit_isWarnedOf() throws Exception {
        try (TestDatabase database = DatabaseServer.MARIADB.newDatabase()) {
            assertThat(warningsOf(database.plain()))
                    .singleElement()
                    .asString()
                    .contains("innodb_flush_log_at_trx_commit is 0", "set it to 1");
        }
    }

    /** The server of the tests runs without fsync, for speed. */
    @Test
    void postgres_thatNeverForcesTheDisk_isWarnedOf() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            assertThat(database.value("SHOW fsync")).isEqualTo("off");
            assertThat(warningsOf(database.plain()))
                    .singleElement()
                    .asString()
                    .contains("may lose keys and revocations", "set fsync = on");
        }
    }

    @Test
    void h2InAFile_whoseUserMayNotMakeItWrite_isWarnedOf() {
        try (H2Database database = H2Database.in(directory.resolve("guest"))) {
            JdbiApiKeyStore.create(database.dataSource());
            database.execute("CREATE USER guest PASSWORD 'guest'", "GRANT ALL ON SCHEMA public TO guest");
            DataSource guest = database.dataSource("guest", "guest");

            assertThat(warningsOf(guest)).singleElement().asString().contains("WRITE_DELAY is 500 ms");

            database.execute("SET WRITE_DELAY 0");
            assertThat(warningsOf(guest)).isEmpty();
            assertThat(warningsOf(database.dataSource())).isEmpty();
        }
    }

    private static List<String> warningsOf(DataSource source) {
        Logger logger = (Logger) LoggerFactory.getLogger(Durability.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.WARN);
        try {
            JdbiApiKeyStore.create(source);
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static String value(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
