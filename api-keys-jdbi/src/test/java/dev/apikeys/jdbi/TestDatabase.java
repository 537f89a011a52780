package dev.apikeys.jdbi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** The database of one test. Closing it closes its pools too. Thread-safe. */
final class TestDatabase implements AutoCloseable {
    private final String url;
    private final String user;
    private final String password;
    private final String drop;
    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

    TestDatabase(String url, String user, String password, String drop) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.drop = drop;
    }

    String url() {
        return url;
    }

    String user() {
        return user;
    }

    /** The same database seen by somebody else, or over another way. */
    TestDatabase as(String otherUrl, String otherUser, String otherPassword) {
        return new TestDatabase(otherUrl, otherUser, otherPassword, "");
    }

    /** Connections of the driver, each a new one. */
    DataSource plain() {
        return new DriverDataSource(url, user, password);
    }

    /** A new pool. */
    HikariDataSource pool(int size) {
        return pool(size, Duration.ofSeconds(10));
    }

    /** A new pool that waits so long for a connection. */
    HikariDataSource pool(int size, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(patience.toMillis());
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    /** A new store with a pool, whose feed has a connection of its own. */
    JdbiApiKeyStore store(int poolSize) {
        return JdbiApiKeyStore.builder(pool(poolSize)).feedDataSource(plain()).build();
    }

    void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** All lines of the last statement, which follows the others on their connection. */
    String plan(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            StringBuilder lines = new StringBuilder();
            for (String sql : statements) {
                if (statement.execute(sql)) {
                    ResultSet rows = statement.getResultSet();
                    while (rows.next()) {
                        lines.append(rows.getString(1)).append('\n');
                    }
                }
            }
            return lines.toString();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The only value of a query, as text. */
    String value(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    long number(String query) {
        return Long.parseLong(value(query));
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
        if (!drop.isEmpty()) {
            execute(drop);
        }
    }
}
