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
 * What does issuing a key to a new owner cost, beside plain JDBC that stores the same four rows in one transaction, an
 * INSERT each, as one would by hand? Both run at the same time, a thread each. The INSERTs are those that the library
 * sends to H2; to PostgreSQL it sends the same ones as a single statement.
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
    /** Owner, key, credential and audit entry. */
    private static final int ROWS = 4;
    /**
     * Additional calls for the warm-up, because the measured time is too short for it on a machine with few processors.
     */
    private static final int WARM_UPS = 10_000;

    /** {@code H2} or {@code PostgreSQL}. */
    @Param({"H2", "PostgreSQL"})
    public String database = "H2";

    private final AtomicLong owners = new AtomicLong();
    private final SplittableRandom random = new SplittableRandom(42);
    private List<RecordedSql.Statement> inserts = List.of();
    private @Nullable BenchmarkDatabase started;
    private @Nullable KeyService service;

    /** Records which INSERTs the library sends, and warms up both ways. */
    @Setup(Level.Trial)
    public void start() throws SQLException {
        inserts = inserts();
        BenchmarkDatabase db = BenchmarkDatabase.start(database);
        started = db;
        service = KeyService.builder(JdbiApiKeyStore.create(db.pool())).build();
        for (int i = 0; i < WARM_UPS; i++) {
            issue();
            plainJdbc();
        }
    }

    private List<RecordedSql.Statement> inserts() {
        RecordedSql recorded = new RecordedSql();
        try (BenchmarkDatabase db = BenchmarkDatabase.start("H2");
                KeyService watched = KeyService.builder(JdbiApiKeyStore.builder(recorded.watch(db.pool()))
                                .feedDataSource(db.pool())
                                .build())
                        .build()) {
            recorded.forget();
            watched.issue(spec());
        }
        List<RecordedSql.Statement> found = recorded.beginningWith("INSERT");
        if (found.size() != ROWS) {
            throw new IllegalStateException("the library no longer sends an INSERT for each row: " + found);
        }
        return found;
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

    /** The same rows, with ids of their own. */
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
