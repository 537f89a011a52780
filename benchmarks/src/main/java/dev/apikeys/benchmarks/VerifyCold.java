package dev.apikeys.benchmarks;

import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Verification;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * What does verifying a key cost that isn't cached, beside the same SELECT by plain JDBC from the same pool? Both run at
 * the same time, a thread each, so that both see the same machine and neither waits for an idle processor to wake up.
 * The plain side reads every column as the library does, numbers as numbers. That a use of each key is written later, by
 * another thread and once an interval, is left out.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar VerifyCold}
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class VerifyCold {
    private static final int KEYS = 4_096;
    /**
     * Additional calls for the warm-up, because the measured time is too short for it on a machine with few processors.
     */
    private static final int WARM_UPS = 20_000;

    /** {@code H2} or {@code PostgreSQL}. */
    @Param({"H2", "PostgreSQL"})
    public String database = "H2";

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong verified = new AtomicLong();
    private final String[] tokens = new String[KEYS];
    private final String[] publicIds = new String[KEYS];
    private String select = "";
    private boolean[] isNumber = {};
    private @Nullable BenchmarkDatabase started;
    private @Nullable KeyService service;

    /**
     * Issues the keys, sees which SELECT finds one, and lets the compiler see both ways often enough to do its best.
     */
    @Setup(Level.Trial)
    public void issue() throws SQLException {
        BenchmarkDatabase db = BenchmarkDatabase.start(database);
        KeyPolicy policy = KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 100);
        try (KeyService issuing = KeyService.builder(JdbiApiKeyStore.create(db.pool()))
                .policy(policy)
                .build()) {
            for (int i = 0; i < KEYS; i++) {
                var issued = issuing.issue(
                        KeySpec.forUser("user" + i / 10, "org").named("k" + i).mode(Mode.READ));
                tokens[i] = issued.token().reveal();
                publicIds[i] = issued.key().publicId();
            }
        }
        RecordedSql recorded = new RecordedSql();
        JdbiApiKeyStore watched = JdbiApiKeyStore.create(recorded.watch(db.pool()));
        recorded.forget();
        if (watched.findCredential(publicIds[0]).isEmpty()) {
            throw new IllegalStateException("the store has lost a key");
        }
        // Behind the one that limits its time.
        String sent = recorded.beginningWith("SELECT").get(0).sql();
        select = sent.substring(sent.indexOf(';') + 1).strip();
        started = db;
        isNumber = numbers(db);
        // Room for one key, so that each look-up finds another one in its place.
        service = KeyService.builder(JdbiApiKeyStore.create(db.pool()))
                .cachedKeys(1)
                .usageInterval(Duration.ofHours(1))
                .build();
        for (int i = 0; i < WARM_UPS; i++) {
            verify();
            plainJdbc();
        }
    }

    private boolean[] numbers(BenchmarkDatabase db) throws SQLException {
        try (Connection connection = db.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            ResultSetMetaData columns = statement.getMetaData();
            boolean[] numbers = new boolean[columns.getColumnCount()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = columns.getColumnType(i + 1) == Types.BIGINT;
            }
            return numbers;
        }
    }

    /** Sees that nothing was cached, and stops. */
    @TearDown(Level.Trial)
    public void close() {
        KeyService used = Objects.requireNonNull(service);
        used.close();
        Objects.requireNonNull(started).close();
        if (used.stats().loads() < 0.99 * verified.get()) {
            throw new IllegalStateException("keys were found in the cache");
        }
    }

    /** The library. */
    @Benchmark
    @Group("cold")
    @GroupThreads(1)
    public Verification verify() {
        verified.getAndIncrement();
        return Objects.requireNonNull(service).verify(tokens[next()]);
    }

    /** The same SELECT, every column read. */
    @Benchmark
    @Group("cold")
    @GroupThreads(1)
    public long plainJdbc() throws SQLException {
        long read = 0;
        try (Connection connection = Objects.requireNonNull(started).pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, publicIds[next()]);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                for (int i = 0; i < isNumber.length; i++) {
                    if (isNumber[i]) {
                        read += row.getLong(i + 1);
                    } else {
                        String value = row.getString(i + 1);
                        read += value == null ? 0 : value.length();
                    }
                }
            }
        }
        return read;
    }

    private int next() {
        return next.getAndIncrement() & (KEYS - 1);
    }
}
