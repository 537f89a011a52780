package dev.apikeys.servlet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL on this machine, with a table of buckets. */
final class PostgresEngine implements SharedEngine.Server {
    static final int CONNECTIONS = 10;

    private final Path data;
    private final String url;
    private final List<String> command = new ArrayList<>();

    private PostgresEngine(Path directory) throws IOException, SQLException {
        this.data = directory.resolve("data");
        EmbeddedPostgres first = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .start();
        // The driver counts in whole seconds.
        this.url = "jdbc:postgresql://localhost:" + first.getPort()
                + "/postgres?user=postgres&connectTimeout=1&socketTimeout=5";
        ProcessHandle.Info server = postmaster().info();
        if ("root".equals(System.getProperty("user.name"))) {
            // As the embedded one does: PostgreSQL refuses to be root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(server.command().orElseThrow());
        Collections.addAll(command, server.arguments().orElseThrow());
        execute("CREATE TABLE bucket (id VARCHAR(36) PRIMARY KEY, state BYTEA, expires_at BIGINT)");
    }

    /** Starts one; the test is skipped where this platform has none, unless {@code -Ddatabases.required=true}. */
    static PostgresEngine in(Path directory) throws Exception {
        try {
            return new PostgresEngine(directory);
        } catch (IllegalStateException noBinary) {
            String message = "SKIPPED: no binary of PostgreSQL for this platform";
            if (Boolean.getBoolean("databases.required")) {
                throw new AssertionError(message + ", and -Ddatabases.required=true wants it", noBinary);
            }
            System.out.println(message);
            return abort(message);
        }
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** Runs one statement. */
    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many buckets there are. */
    long buckets() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM bucket")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** A pool of one node. */
    HikariDataSource pool() {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url);
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setConnectionTimeout(250);
        return new HikariDataSource(settings);
    }

    @Override
    public Node node() {
        HikariDataSource pool = pool();
        // On a busy machine a pool that still grows gives some threads no connection in time, and then the node counts
        // by itself.
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> pool.getHikariPoolMXBean().getTotalConnections() == CONNECTIONS);
        return new Pooled(pool);
    }

    @Override
    public void stall(UUID key) throws Exception {
        Signal.STOP.to(postmaster());
    }

    @Override
    public void resume() throws Exception {
        Signal.CONT.to(postmaster());
    }

    @Override
    public void spoil(UUID key) throws SQLException {
        execute("INSERT INTO bucket (id, state) VALUES ('" + key
                + "', '\\x010203') ON CONFLICT (id) DO UPDATE SET state = '\\x010203'");
    }

    @Override
    public void kill() throws IOException {
        ProcessHandle server = postmaster();
        List<ProcessHandle> all = server.descendants().toList();
        server.destroyForcibly();
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> !server.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void restart() throws IOException {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("log").toFile())
                .start();
        await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
            execute("SELECT 1");
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    @Override
    public String toString() {
        return "PostgreSQL";
    }

    /** A node with a pool, and as many threads that wait for it. */
    private record Pooled(HikariDataSource pool, ExecutorService executor) implements Node {
        Pooled(HikariDataSource pool) {
            this(pool, Executors.newFixedThreadPool(CONNECTIONS));
        }

        @Override
        public ProxyManager<UUID> buckets(@Nullable TimeMeter clock) {
            Bucket4jPostgreSQL.PostgreSQLSelectForUpdateBasedProxyManagerBuilder<String> builder =
                    Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool)
                            .primaryKeyMapper(PrimaryKeyMapper.STRING)
                            .table("bucket")
                            .idColumn("id")
                            .stateColumn("state")
                            .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                                    Duration.ofMinutes(1)));
            return (clock == null ? builder : builder.clientClock(clock))
                    .build()
                    .withMapper(UUID::toString);
        }

        @Override
        public void close() {
            executor.shutdownNow();
            pool.close();
        }
    }
}
