package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;

/** The databases that the store supports, and their differences. */
enum Database {
    /** H2, in memory or in a file. */
    H2("h2", """
            MERGE INTO api_key_usage u
            USING (SELECT id, CAST(? AS BIGINT) AS used_at, CAST(? AS VARCHAR) AS used_from FROM api_key WHERE id = ?) n
            ON u.key_id = n.id
            WHEN MATCHED AND u.last_used_at < n.used_at
            THEN UPDATE SET last_used_at = n.used_at, last_used_ip = n.used_from
            WHEN NOT MATCHED
            THEN INSERT (key_id, last_used_at, last_used_ip) VALUES (n.id, n.used_at, n.used_from)""", "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)"),

    /** PostgreSQL. */
    POSTGRESQL("postgresql", """
            INSERT INTO api_key_usage AS u (key_id, last_used_at, last_used_ip)
            SELECT id, CAST(? AS BIGINT), CAST(? AS VARCHAR) FROM api_key WHERE id = ?
            ON CONFLICT (key_id)
            DO UPDATE SET last_used_at = EXCLUDED.last_used_at, last_used_ip = EXCLUDED.last_used_ip
            WHERE u.last_used_at < EXCLUDED.last_used_at""", "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)"),

    /** MariaDB and MySQL. */
    MARIADB(
            "mariadb",
            // The address comes first: assignments run from left to right, and this one needs the time that was stored
            // before.
            """
            INSERT INTO api_key_usage (key_id, last_used_at, last_used_ip)
            SELECT id, ?, ? FROM api_key WHERE id = ?
            ON DUPLICATE KEY UPDATE
            last_used_ip = IF(VALUES(last_used_at) > last_used_at, VALUES(last_used_ip), last_used_ip),
            last_used_at = GREATEST(last_used_at, VALUES(last_used_at))""",
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000");

    /** How long a transaction may stand idle before the database ends it and its connection. */
    static final Duration IDLE_LIMIT = Duration.ofSeconds(1);

    /** Limits for this transaction alone can't be set; so what they were is kept. MySQL limits idle connections only. */
    private static final String MARIADB_SETTINGS = "SET"
            + " /*M! @api_keys_write = @@SESSION.idle_write_transaction_timeout,"
            + " @api_keys_read = @@SESSION.idle_readonly_transaction_timeout,"
            + " SESSION idle_write_transaction_timeout = 1, SESSION idle_readonly_transaction_timeout = 1,"
            + " @@tx_isolation = 'READ-COMMITTED' */"
            + " /*!80000 @api_keys_wait = @@SESSION.wait_timeout, SESSION wait_timeout = 1,"
            + " @@transaction_isolation = 'READ-COMMITTED' */";

    private static final String MARIADB_SETTINGS_BEFORE = "SET"
            + " /*M! SESSION idle_write_transaction_timeout = @api_keys_write,"
            + " SESSION idle_readonly_transaction_timeout = @api_keys_read */"
            + " /*!80000 SESSION wait_timeout = @api_keys_wait */";

    private final String folder;
    private final String storeUse;
    private final String now;

    Database(String folder, String storeUse, String now) {
        this.folder = folder;
        this.storeUse = storeUse;
        this.now = now;
    }

    /**
     * The database of a connection.
     *
     * @throws IllegalStateException if it is another one
     */
    static Database of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB", "MySQL" -> MARIADB;
            default ->
                throw new IllegalStateException(
                        "the store supports H2, PostgreSQL, MariaDB and MySQL; this database is " + product);
        };
    }

    /** The name of its folder of scripts. */
    String folder() {
        return folder;
    }

    /** Whether a rollback also undoes the creation of tables. */
    boolean rollsBackSchemaChanges() {
        return this == POSTGRESQL;
    }

    /** Whether it can notify nodes of changes. */
    boolean givesHints() {
        return this == POSTGRESQL;
    }

    /** Whether one statement can insert into several tables, by INSERTs inside WITH. */
    boolean insertsInsideOfWith() {
        return this == POSTGRESQL;
    }

    /** Whether a statement can make rows of arrays, one for each column. */
    boolean makesRowsOfArrays() {
        return this == POSTGRESQL;
    }

    /** Stores a use, parameters time, address and key id, if the key exists and the use is later than what is stored. */
    String storeUse() {
        return storeUse;
    }

    /**
     * The owner's id as the index of unrevoked keys holds it. With {@code revoked_at IS NULL} PostgreSQL then reads no other
     * index; others find the best one by themselves.
     */
    String ownerOfUnrevoked() {
        return this == POSTGRESQL ? "owner_id || ''" : "owner_id";
    }

    /**
     * Whether an index has the unrevoked keys by their lifetimes. It is one over an expression, which MariaDB doesn't have; H2
     * keeps small tables.
     */
    boolean indexesLifetimes() {
        return this == POSTGRESQL;
    }

    /** An expression for a text in the encoding of the database. */
    String asText(String expression) {
        return this == MARIADB
                ? "CAST(" + expression + " AS CHAR(20) CHARACTER SET utf8mb4)"
                : "CAST(" + expression + " AS VARCHAR(20))";
    }

    /** An expression for the database's time in milliseconds. */
    String now() {
        return now;
    }

    /**
     * The isolation level to set again after a transaction. It is only read if the change lasts for longer than one
     * transaction, because otherwise reading costs as much as setting it.
     */
    int isolationToKeep(Connection connection) throws SQLException {
        return this == H2 ? connection.getTransactionIsolation() : Connection.TRANSACTION_READ_COMMITTED;
    }

    /** Makes the transaction that begins now READ COMMITTED, limited and durable, as far as the database can. */
    void begin(Connection connection, Duration statementTimeout) throws SQLException {
        begin(connection, settings(statementTimeout));
    }

    /**
     * Like {@link #begin(Connection, Duration)}, for lists. PostgreSQL plans each of their statements for its values: one plan
     * for a text that many keys contain and for one that none does would read the whole table for the latter.
     */
    void beginList(Connection connection, Duration statementTimeout) throws SQLException {
        begin(
                connection,
                settings(statementTimeout)
                        + (this == POSTGRESQL ? ", set_config('plan_cache_mode', 'force_custom_plan', true)" : ""));
    }

    private void begin(Connection connection, String settings) throws SQLException {
        if (this != H2) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(settings);
            }
        } else if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /**
     * Like {@link #begin}, with a SELECT as the first statement of the transaction. In PostgreSQL both are one text, so
     * they need one round trip. Its driver prepares each statement of the text on the server.
     */
    PreparedStatement beginWith(String select, Connection connection, Duration statementTimeout) throws SQLException {
        if (this == POSTGRESQL) {
            return connection.prepareStatement(settings(statementTimeout) + "; " + select);
        }
        begin(connection, statementTimeout);
        return connection.prepareStatement(select);
    }

    /**
     * The text that begins a transaction. How long it may stand idle is limited in the database: a process that is stopped
     * inside a transaction must not keep its locks.
     */
    private String settings(Duration statementTimeout) {
        return this == POSTGRESQL
                ? "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT"
                        + " set_config('statement_timeout', '" + statementTimeout.toMillis() + "', true),"
                        + " set_config('idle_in_transaction_session_timeout', '" + IDLE_LIMIT.toMillis() + "', true),"
                        // A plan that was best for a small table is kept, and would read all of it while it grows.
                        + " set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
                        // Only where it is off: what waits for replicas as well is stronger.
                        + " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                        + " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"
                : MARIADB_SETTINGS;
    }

    /** A statement that limits how long the transaction, which has just begun, may stand idle. PostgreSQL only. */
    String limitIdleTime() {
        return "SET LOCAL idle_in_transaction_session_timeout = " + IDLE_LIMIT.toMillis();
    }

    /**
     * Commits.
     *
     * @throws UnansweredCommit when a synchronous standby was to confirm it and did not. Somebody cancelled the wait, which
     *     PostgreSQL tells by a warning only
     */
    void commit(Connection connection) throws SQLException {
        if (this != POSTGRESQL) {
            connection.commit();
            return;
        }
        connection.clearWarnings();
        connection.commit();
        SQLWarning warning = connection.getWarnings();
        if (warning != null && waitsForStandbys(connection)) {
            throw UnansweredCommit.withoutStandby(warning);
        }
    }

    private static boolean waitsForStandbys(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
            return row.next() && !row.getString(1).isEmpty();
        } catch (SQLException failure) {
            throw new UnansweredCommit(failure);
        }
    }

    /**
     * Makes the COMMIT of this transaction wait for a synchronous standby, also if it has only found that an earlier one was
     * carried out: a primary that was started again shows what no standby has. PostgreSQL waits when a row was locked.
     */
    void waitForStandbyAtCommit(Connection connection) throws SQLException {
        if (this == POSTGRESQL) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT epoch FROM api_key_epoch FOR UPDATE");
            }
        }
    }

    /** Takes back the settings of a transaction that outlive it. */
    void end(Connection connection) throws SQLException {
        if (this == MARIADB) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(MARIADB_SETTINGS_BEFORE);
            }
        }
    }

    /**
     * The SELECT, limited in the database when it runs outside of a transaction: a connection that is given up here would
     * else go on waiting for a lock there.
     */
    String limited(String select, Duration timeout) {
        return switch (this) {
            case H2 -> select;
            // In effect for this text alone, which is one transaction.
            case POSTGRESQL -> "SELECT set_config('statement_timeout', '" + timeout.toMillis() + "', true); " + select;
            // MariaDB alone reads such a comment, MySQL alone the hint.
            case MARIADB ->
                "/*M! SET STATEMENT max_statement_time=" + timeout.toMillis() / 1e3 + " FOR */ "
                        + select.replaceFirst("SELECT", "SELECT /*+ MAX_EXECUTION_TIME(" + timeout.toMillis() + ") */");
        };
    }

    /**
     * The time-out that the driver sets for each statement, in seconds; 0 for none. PostgreSQL's driver would start a
     * timer for each statement, which takes a fifth of a short statement's time.
     */
    int driverTimeoutSeconds(Duration statementTimeout) {
        return this == POSTGRESQL ? 0 : Math.toIntExact(statementTimeout.toSeconds());
    }
}
