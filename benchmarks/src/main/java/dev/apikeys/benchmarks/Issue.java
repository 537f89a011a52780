package dev.apikeys.benchmarks;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does issuing a key to a new owner cost, beside the same INSERTs by plain JDBC in one transaction? Both run at the
 * same time, a thread each.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar Issue}
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class Issue {
    private static final HexFormat HEX = HexFormat.of();

    /** {@code H2} or {@code PostgreSQL}. */
    @Param({"H2", "PostgreSQL"})
    public String database = "H2";

    private final AtomicLong owners = new AtomicLong();
    private final SplittableRandom random = new SplittableRandom(42);
    private List<RecordedSql.Statement> inserts = List.of();
    private @Nullable BenchmarkDatabase started;
    private @Nullable KeyService service;

    /** Sees which INSERTs the library sends. */
    @Setup(Level.Trial)
    public void start() {
        BenchmarkDatabase db = BenchmarkDatabase.start(database);
        JdbiApiKeyStore store = JdbiApiKeyStore.create(db.pool());
        RecordedSql recorded = new RecordedSql();
        try (KeyService watched = KeyService.builder(JdbiApiKeyStore.builder(recorded.watch(db.pool()))
                        .feedDataSource(db.pool())
                        .build())
                .build()) {
            recorded.forget();
            watched.issue(spec());
            inserts = recorded.beginningWith("INSERT", "MERGE");
        }
        started = db;
        service = KeyService.builder(store).build();
    }

    /** Stops the service and the database. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(service).close();
        Objects.requireNonNull(started).close();
    }

    /** The library. */
    @Benchmark
    @Group("issue")
    @GroupThreads(1)
    public IssuedKey issue() {
        return Objects.requireNonNull(service).issue(spec());
    }

    /** The same INSERTs, with ids of their own. */
    @Benchmark
    @Group("issue")
    @GroupThreads(1)
    public void plainJdbc() throws SQLException {
        Map<String, String> ids = new HashMap<>();
        try (Connection connection = Objects.requireNonNull(started).pool().getConnection()) {
            connection.setAutoCommit(false);
            for (RecordedSql.Statement insert : inserts) {
                try (PreparedStatement statement = connection.prepareStatement(insert.sql())) {
                    for (var parameter : insert.parameters().entrySet()) {
                        Object value = parameter.getValue();
                        statement.setObject(
                                parameter.getKey(),
                                value instanceof String text ? ids.computeIfAbsent(text, this::fresh) : value);
                    }
                    statement.executeUpdate();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private KeySpec spec() {
        return KeySpec.forUser("user" + owners.incrementAndGet(), "org")
                .named("key")
                .mode(Mode.READ);
    }

    /** Another id in the place of an id, and everything else as it is. */
    private String fresh(String recorded) {
        if (recorded.length() == 36) {
            return new UUID(random.nextLong(), random.nextLong()).toString();
        }
        boolean id = (recorded.length() == 24 || recorded.length() == 32)
                && recorded.chars().allMatch(HexFormat::isHexDigit);
        return id
                ? (HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong()))
                        .substring(0, recorded.length())
                : recorded;
    }
}
