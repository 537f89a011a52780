package dev.apikeys.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens the connection pool. */
final class Database {
    private Database() {}

    /**
     * A pool that has connected once; to be closed by the caller.
     *
     * @throws CannotStartException when the database can't be reached, or there is no driver for it
     */
    static HikariDataSource open(Settings settings) throws CannotStartException {
        // First connects without the pool, because the pool would report a failure in fifty lines.
        try (Connection connection =
                DriverManager.getConnection(settings.jdbcUrl(), settings.jdbcUser(), settings.jdbcPassword())) {
            connection.isReadOnly();
        } catch (SQLException failure) {
            String reason = String.valueOf(failure.getMessage()).replace(settings.jdbcUrl(), settings.database());
            throw new CannotStartException("Can't open the database " + settings.database() + ": "
                    + reason.lines().findFirst().orElse(""));
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.jdbcUrl());
        config.setUsername(settings.jdbcUser());
        config.setPassword(settings.jdbcPassword());
        // If the database is away, a request that needs a key from it gets a 503 soon.
        config.setConnectionTimeout(2_000);
        return new HikariDataSource(config);
    }
}
