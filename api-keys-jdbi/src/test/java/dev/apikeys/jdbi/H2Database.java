package dev.apikeys.jdbi;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** An H2 database of one test. */
final class H2Database implements AutoCloseable {
    private final String url;

    private H2Database(String url) {
        this.url = url;
    }

    /** A new one, which lives until it is closed. */
    static H2Database inMemory() {
        H2Database database = new H2Database("jdbc:h2:mem:" + UUID.randomUUID());
        database.execute("SET DB_CLOSE_DELAY -1");
        return database;
    }

    /** The one in this file. */
    static H2Database in(Path file) {
        return new H2Database("jdbc:h2:file:" + file.toAbsolutePath());
    }

    /** Connections of the administrator, each a new one. */
    DataSource dataSource() {
        return dataSource("sa", "");
    }

    DataSource dataSource(String user, String password) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    void execute(String... statements) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The only value of a query, as text. */
    String value(String query) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        execute("SHUTDOWN");
    }
}
