package dev.apikeys.jdbi;

import dev.apikeys.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Examines the database of a {@link JdbiApiKeyStore} and tells what an operator should change. It reads only, and needs
 * no right beyond those of the store.
 *
 * <table>
 *   <caption>What is examined</caption>
 *   <tr><th>check<th>finds
 *   <tr><td>database<td>a version that is not supported, an encoding that can't hold every name
 *   <tr><td>durability<td>settings with which a committed change may be lost
 *   <tr><td>cluster<td>a server of a Galera cluster that may answer with an older state
 *   <tr><td>clock<td>a clock of the database that differs from this machine's
 *   <tr><td>schema<td>missing tables or columns, an older version, a script that ended half way, loose collations
 *   <tr><td>rights<td>rights that the store lacks, a database that is read-only
 *   <tr><td>indexes<td>indexes that are missing
 *   <tr><td>search<td>a PostgreSQL without an index for searches in every part of names
 *   <tr><td>epoch<td>a database that was restored, as a whole or in part; changes that nobody removes
 *   <tr><td>lease<td>a database too slow for the poller
 *   <tr><td>pool<td>a pool too small for a service, or too many connections for the server
 * </table>
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class DatabaseDiagnosis {
    private final DataSource dataSource;
    private final Clock clock;
    private final @Nullable Connections expected;
    private final @Nullable HistoryPoint remembered;

    private record Connections(int nodes, int poolSize) {}

    private DatabaseDiagnosis(
            DataSource dataSource, Clock clock, @Nullable Connections expected, @Nullable HistoryPoint remembered) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.expected = expected;
        this.remembered = remembered;
    }

    /** An examination of this database, with the clock of this machine. */
    public static DatabaseDiagnosis of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return new DatabaseDiagnosis(dataSource, Clock.systemUTC(), null, null);
    }

    /** Compares the database's clock with this one. */
    public DatabaseDiagnosis clock(Clock clock) {
        Objects.requireNonNull(clock, "clock");
        return new DatabaseDiagnosis(dataSource, clock, expected, remembered);
    }

    /**
     * Also says whether the server has enough connections for so many nodes.
     *
     * @param nodes how many nodes share the database, from 1
     * @param poolSize the largest number of connections in the pool of each, from 1
     * @throws IllegalArgumentException when a number is less than 1
     */
    public DatabaseDiagnosis connections(int nodes, int poolSize) {
        if (nodes < 1 || poolSize < 1) {
            throw new IllegalArgumentException(
                    "there is at least one node, and one connection in its pool: " + nodes + ", " + poolSize);
        }
        return new DatabaseDiagnosis(dataSource, clock, new Connections(nodes, poolSize), remembered);
    }

    /** Also says whether the database is older than when this was noted: then it was restored from a backup. */
    public DatabaseDiagnosis since(HistoryPoint noted) {
        Objects.requireNonNull(noted, "noted");
        return new DatabaseDiagnosis(dataSource, clock, expected, noted);
    }

    /**
     * Examines the database.
     *
     * @throws StoreUnavailableException when it can't be reached, or stops answering
     * @throws IllegalStateException when the store doesn't support this kind of database
     */
    public Report run() {
        try (BorrowedConnection borrowed = BorrowedConnection.of(dataSource.getConnection())) {
            Connection connection = borrowed.connection();
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            Report report = examine(connection, Database.of(connection));
            connection.setAutoCommit(autoCommit);
            return report;
        } catch (SQLException failure) {
            throw Transactions.unavailable("examine the database", failure);
        }
    }

    private Report examine(Connection connection, Database database) throws SQLException {
        Probe probe = new Probe(connection);
        List<Finding> findings = new ArrayList<>();
        findings.add(ServerChecks.version(connection));
        findings.add(ServerChecks.encoding(connection, database));
        findings.addAll(DurabilityChecks.look(probe, database));
        findings.addAll(ClusterChecks.look(probe, database));
        findings.add(ServerChecks.clock(probe, database, clock));
        findings.addAll(PoolChecks.pool(dataSource));
        if (expected != null) {
            findings.addAll(PoolChecks.server(probe, database, expected.nodes(), expected.poolSize()));
        }
        SchemaChecks schema = new SchemaChecks(connection, database);
        findings.addAll(schema.look());
        HistoryChecks history = new HistoryChecks(probe, database);
        if (schema.isComplete()) {
            findings.addAll(history.look(remembered));
            findings.add(history.lease());
        }
        return new Report(findings, schema.isComplete() ? history.now() : null);
    }

    /**
     * What was found.
     *
     * <p>Immutable and thread-safe.
     */
    public static final class Report {
        private final List<Finding> findings;
        private final @Nullable HistoryPoint history;

        Report(List<Finding> findings, @Nullable HistoryPoint history) {
            this.findings = List.copyOf(findings);
            this.history = history;
        }

        /** Everything that was examined, in the order of the table above. */
        public List<Finding> findings() {
            return findings;
        }

        /** The worst level of all findings. */
        public Finding.Level worst() {
            return findings.stream()
                    .map(Finding::level)
                    .max(Finding.Level::compareTo)
                    .orElse(Finding.Level.OK);
        }

        /** What to give to {@link DatabaseDiagnosis#since} the next time; empty if there is no complete schema. */
        public Optional<HistoryPoint> history() {
            return Optional.ofNullable(history);
        }
    }
}
