package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it takes for a commit to survive the end of a process or machine. */
enum Durability {
    /** The database sees to it, or nobody can. */
    OF_COMMIT,

    /** H2 in a file tells of a commit up to half a second before it writes it; so it is made to write. */
    OF_CHECKPOINT;

    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);

    /** What the database at the other end needs; logs a warning where it may lose what it has committed. */
    static Durability of(Database database, Connection connection) throws SQLException {
        return switch (database) {
            case H2 -> ofH2(connection);
            case POSTGRESQL -> {
                // synchronous_commit is set in each transaction.
                if (value(connection, "SHOW fsync").equals("off")) {
                    warn("fsync is off; set fsync = on");
                }
                yield OF_COMMIT;
            }
            case MARIADB -> {
                String flush = value(connection, "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit");
                if (!flush.equals("1")) {
                    warn("innodb_flush_log_at_trx_commit is " + flush + "; set it to 1 in the server's configuration");
                }
                warnOfOldAnswers(connection);
                yield OF_COMMIT;
            }
        };
    }

    private static Durability ofH2(Connection connection) throws SQLException {
        if (value(connection, "SELECT COALESCE(DATABASE_PATH(), '')").isEmpty()) {
            return OF_COMMIT;
        }
        boolean mayCheckpoint = value(
                        connection, "SELECT is_admin FROM information_schema.users WHERE user_name = CURRENT_USER")
                .equals("TRUE");
        String delay = value(
                connection, "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'");
        if (!mayCheckpoint && !delay.equals("0")) {
            warn("WRITE_DELAY is " + delay + " ms and this user may not make H2 write; as an administrator run"
                    + " SET WRITE_DELAY 0");
        }
        return mayCheckpoint ? OF_CHECKPOINT : OF_COMMIT;
    }

    /** To be called after a commit, before anybody is told of it. */
    void keep(Connection connection) throws SQLException {
        if (this == OF_CHECKPOINT) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    }

    private static void warnOfOldAnswers(Connection connection) throws SQLException {
        for (Finding finding : ClusterChecks.look(new Probe(connection), Database.MARIADB)) {
            if (finding.level() != Finding.Level.OK) {
                LOG.warn("Revoked keys may be accepted for too long: {}; {}", finding.found(), finding.advice());
            }
        }
    }

    private static void warn(String what) {
        LOG.warn("The database may lose keys and revocations that it has committed: {}", what);
    }

    private static String value(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String found = row.next() ? row.getString(1) : null;
            return found == null ? "" : found;
        }
    }
}
