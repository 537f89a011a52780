package dev.apikeys.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An empty database with a pool: {@code H2} in memory, or a {@code PostgreSQL} of its own. */
final class BenchmarkDatabase implements AutoCloseable {
    private static final int POOL = 8;

    private final @Nullable EmbeddedPostgres server;
    private final HikariDataSource pool;

    private BenchmarkDatabase(@Nullable EmbeddedPostgres server, String url, String user) {
        this.server = server;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword("");
        config.setMaximumPoolSize(POOL);
        this.pool = new HikariDataSource(config);
    }

    static BenchmarkDatabase start(String kind) {
        if (kind.equals("H2")) {
            return new BenchmarkDatabase(null, "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa");
        }
        try {
            EmbeddedPostgres server = EmbeddedPostgres.start();
            return new BenchmarkDatabase(
                    server, "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    HikariDataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        if (server != null) {
            try {
                server.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
