package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.slf4j.LoggerFactory;

/** How long each call takes at the most when the database says nothing, with a pool as the guide wants it. */
// The databases know nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class CallBoundTest {
    private static final Duration STATEMENT = Duration.ofSeconds(1);
    private static final Duration POOL = Duration.ofMillis(500);

    /** For a connection: the pool waits for one, and then checks it. And a second for a busy machine. */
    private static final Duration CONNECTION = POOL.multipliedBy(2).plusSeconds(1);

    private static final double READ_MILLIS =
            STATEMENT.plusSeconds(1).plus(CONNECTION).toMillis();

    private static final double CHANGE_MILLIS =
            STATEMENT.multipliedBy(2).plusSeconds(2).plus(CONNECTION).toMillis();

    private static Map<String, Runnable> reads(ApiKeyStore store, ApiKey key) {
        return Map.of(
                "findCredential", () -> store.findCredential(key.publicId()),
                "find", () -> store.find(key.id(), KeyFilter.everything()),
                "findMissing", () -> store.findMissing(Set.of(key.publicId())),
                "list", () -> store.list(KeyFilter.everything(), PageRequest.first(1)),
                "audit", () -> store.audit(AuditFilter.everything(), PageRequest.first(1)));
    }

    private static Map<String, Runnable> changes(ApiKeyStore store, ApiKey key) {
        return Map.of(
                "insert", () -> store.insert(SampleKey.toAdd(new SampleKey().build(), 10)),
                "apply", () -> store.apply(SampleKey.revoke(key)),
                "ownerChanged", () -> store.ownerChanged(Owner.user("alice")),
                "rehash",
                        () -> store.rehash(
                                key.publicId(), SampleKey.hashOf(key.publicId()), SampleKey.hashOf(key.publicId())),
                "recordUses", () -> store.recordUses(List.of(new KeyUse(key.id(), new LastUse(SampleKey.NOW, null)))),
                "recordMcpSession", () -> store.recordMcpSession(key.id(), 1),
                "appendAudit",
                        () -> store.appendAudit(List.of(SampleKey.audit(key, AuditEvent.AUTH_FAILED, SampleKey.NOW))),
                "maintain", () -> store.maintain(Instant.EPOCH, Instant.EPOCH, 1));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void everyCall_intoABlackHole_endsWithinItsBound(DatabaseServer server, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database)) {
            HikariDataSource pool = behind.pool(13, POOL);
            ApiKeyStore store =
                    JdbiApiKeyStore.builder(pool).statementTimeout(STATEMENT).build();
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));
            pool.setValidationTimeout(POOL.toMillis());
            fill(pool);
            proxy.swallow();

            assertThat(times("read over a line that fell silent", server, reads(store, key), figures, READ_MILLIS))
                    .isTrue();
            // Their connections are gone, and those of the changes are not.
            assertThat(times(
                            "change over a line that fell silent", server, changes(store, key), figures, CHANGE_MILLIS))
                    .isTrue();
            assertThat(times("read, pool without a connection", server, reads(store, key), figures, READ_MILLIS))
                    .isTrue();
            assertThat(times("change, pool without a connection", server, changes(store, key), figures, CHANGE_MILLIS))
                    .isTrue();
        }
    }

    /** Lets the pool open all the connections that it may have. */
    private static void fill(HikariDataSource pool) throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            all.add(pool.getConnection());
        }
        for (Connection connection : all) {
            connection.close();
        }
    }

    /** The pool waits two seconds, and the driver as long as it likes. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void call_besideAPoolWithoutConnections_endsWithinItsBoundWhateverTheDriver(DatabaseServer server, Figures figures)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database)) {
            String url = behind.url().replaceAll("[&?](loginTimeout|connectTimeout)=[0-9]+", "");
            TestDatabase patient = behind.as(url, behind.user(), "");
            HikariDataSource pool = patient.pool(4, Duration.ofSeconds(2));
            pool.setValidationTimeout(1_000);
            ApiKeyStore store =
                    JdbiApiKeyStore.builder(pool).statementTimeout(STATEMENT).build();
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));
            // As another pool of the host may do it, for all of the JVM.
            DriverManager.setLoginTimeout(30);
            proxy.swallow();
            Map<String, Runnable> read = Map.of("find", () -> store.find(key.id(), KeyFilter.everything()));
            for (int call = 0; call < 4; call++) {
                assertThat(times("read, driver without time-outs", server, read, figures, 5_000))
                        .isTrue();
            }
            // What still waits for the driver ends with its connection.
            proxy.refuse();
            patient.close();
        } finally {
            DriverManager.setLoginTimeout(0);
        }
    }

    private static boolean times(
            String claim, DatabaseServer server, Map<String, Runnable> calls, Figures figures, double bound)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<CompletableFuture<Long>> running = new ArrayList<>();
            calls.forEach((name, call) ->
                    running.add(CompletableFuture.supplyAsync(() -> nanosUntilUnavailable(name, call), threads)));
            long[] nanos = new long[running.size()];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = running.get(i).get(60, TimeUnit.SECONDS);
            }
            return figures.within(claim, server, nanos, bound);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long nanosUntilUnavailable(String name, Runnable call) {
        long began = System.nanoTime();
        try {
            call.run();
        } catch (StoreUnavailableException unavailable) {
            return System.nanoTime() - began;
        }
        throw new AssertionError(name + " was answered out of a black hole");
    }

    @Test
    void pool_thatWaitsLongerThanAStatement_isWarnedOf() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            HikariDataSource patient = database.pool(1, Duration.ofSeconds(30));

            assertThat(warningsOf(patient))
                    .singleElement()
                    .asString()
                    .contains("30000 ms", "connectionTimeout to 5000 ms or less");
            HikariDataSource checking = database.pool(1, Duration.ofSeconds(5));
            checking.setValidationTimeout(6_000);
            assertThat(warningsOf(checking))
                    .singleElement()
                    .asString()
                    .contains("6000 ms", "validationTimeout to 5000 ms or less");
            assertThat(warningsOf(database.pool(1, Duration.ofSeconds(5)))).isEmpty();
        }
    }

    private static List<String> warningsOf(HikariDataSource pool) {
        Logger logger = (Logger) LoggerFactory.getLogger(HikariSettings.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.WARN);
        try {
            JdbiApiKeyStore.create(pool);
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
