package dev.apikeys.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be learned from a data source that is a HikariCP pool. Nothing here needs HikariCP to be there. */
final class HikariSettings {
    private static final Logger LOG = LoggerFactory.getLogger(HikariSettings.class);

    private HikariSettings() {}

    /**
     * A connection with the settings of the pool, which takes none away from it; from the data source itself where it is
     * no such pool.
     */
    static Connection plainConnection(DataSource dataSource) throws SQLException {
        HikariDataSource pool = poolOf(dataSource);
        DataSource behind = pool == null ? null : behind(pool);
        if (pool == null || behind == null) {
            return dataSource.getConnection();
        }
        Connection connection = hasProviders(pool)
                ? WithProviders.connection(pool, behind)
                : connection(behind, pool.getUsername(), pool.getPassword());
        try {
            prepare(connection, pool);
            return connection;
        } catch (SQLException | RuntimeException failure) {
            Connections.discard(connection, failure);
            throw failure;
        }
    }

    /** Before version 7 a pool had a user and a password, and nothing that provides them. */
    private static boolean hasProviders(HikariDataSource pool) {
        return Arrays.stream(pool.getClass().getMethods())
                .anyMatch(method -> method.getName().equals("getCredentialsProvider"));
    }

    /** A class of its own, because older versions lack the classes that it needs. */
    private static final class WithProviders {
        static Connection connection(HikariDataSource pool, DataSource behind) throws SQLException {
            Credentials credentials = pool.getCredentialsProvider() == null
                    ? pool.getCredentials()
                    : pool.getCredentialsProvider().getCredentials();
            return HikariSettings.connection(behind, credentials.getUsername(), credentials.getPassword());
        }
    }

    private static Connection connection(DataSource behind, @Nullable String user, @Nullable String password)
            throws SQLException {
        return user == null ? behind.getConnection() : behind.getConnection(user, password);
    }

    /** Whether {@link #plainConnection} takes its connections from the data source itself. */
    static boolean sharesPool(DataSource dataSource) {
        HikariDataSource pool = poolOf(dataSource);
        return pool == null || behind(pool) == null;
    }

    /** How many connections the pool may have; 0 where it isn't known. */
    static int size(DataSource dataSource) {
        HikariDataSource pool = poolOf(dataSource);
        return pool == null ? 0 : pool.getMaximumPoolSize();
    }

    /** How many connections the pool may have while it has none and makes some by itself; else 0. */
    static int sizeWhileEmpty(DataSource dataSource) {
        HikariDataSource pool = poolOf(dataSource);
        return pool != null
                        && pool.getHikariPoolMXBean() != null
                        && pool.getHikariPoolMXBean().getTotalConnections() == 0
                        && pool.getMinimumIdle() > 0
                        && behind(pool) != null
                ? pool.getMaximumPoolSize()
                : 0;
    }

    /** Warns when calls may wait for a connection much longer than for an answer. */
    static void warnOfPatience(DataSource dataSource, Duration statementTimeout) {
        HikariDataSource pool = poolOf(dataSource);
        if (pool != null) {
            warnOfPatience("connectionTimeout", pool.getConnectionTimeout(), statementTimeout);
            // Not limited by the other one: the pool checks a connection for so long before it gives it out.
            warnOfPatience("validationTimeout", pool.getValidationTimeout(), statementTimeout);
        }
    }

    private static void warnOfPatience(String setting, long millis, Duration statementTimeout) {
        if (millis > statementTimeout.toMillis()) {
            LOG.warn(
                    "While the database can't be reached each call waits {} ms for a connection of the pool, longer than"
                            + " for a statement; set HikariCP's {} to {} ms or less",
                    millis,
                    setting,
                    statementTimeout.toMillis());
        }
    }

    /** The pool, while it is open: one that the host has closed must not be gone round. */
    private static @Nullable HikariDataSource poolOf(DataSource dataSource) {
        try {
            if (!dataSource.isWrapperFor(HikariDataSource.class)) {
                return null;
            }
            HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
            return pool.isClosed() ? null : pool;
        } catch (SQLException | RuntimeException | NoClassDefFoundError noSuchPool) {
            return null;
        }
    }

    /** Where the pool takes its connections; null where it doesn't tell, or has not begun. */
    private static @Nullable DataSource behind(HikariDataSource pool) {
        if (pool.getDataSource() != null) {
            return pool.getDataSource();
        }
        try {
            String vendors = pool.getDataSourceClassName();
            Class<?> type = vendors == null ? DriverDataSource.class : Class.forName(vendors);
            return pool.unwrap(type) instanceof DataSource found ? found : null;
        } catch (SQLException | ClassNotFoundException unknown) {
            return null;
        }
    }

    private static void prepare(Connection connection, HikariDataSource pool) throws SQLException {
        if (pool.getCatalog() != null) {
            connection.setCatalog(pool.getCatalog());
        }
        if (pool.getSchema() != null) {
            connection.setSchema(pool.getSchema());
        }
        if (pool.getConnectionInitSql() != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(pool.getConnectionInitSql());
            }
        }
    }
}
