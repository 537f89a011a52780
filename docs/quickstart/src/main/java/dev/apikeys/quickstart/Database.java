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
        return new HikariDataSource(boundWaits(config));
    }

    /** If the database is away or says nothing, a request that needs a key from it gets a 503 soon. */
    static HikariConfig boundWaits(HikariConfig config) {
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        if (config.getJdbcUrl().startsWith("jdbc:postgresql:")) {
            config.addDataSourceProperty("loginTimeout", "1");
            config.addDataSourceProperty("connectTimeout", "1");
            config.addDataSourceProperty("socketTimeout", "10");
        } else if (config.getJdbcUrl().startsWith("jdbc:mariadb:")) {
            config.addDataSourceProperty("connectTimeout", "1000");
            config.addDataSourceProperty("socketTimeout", "10000");
        }
        return config;
    }
}
