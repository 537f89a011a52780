package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.jdbi.ManyRows.Range;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AuditExport;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the work that a service does by itself costs others, and how it grows. {@code -Daudit.rows} sets how much there is. */
@Tag("endurance")
@Tag("tr-skip") // The databases know nothing of the locale.
@ExtendWith(Figures.class)
class UpkeepLoadTest {
    private static final long KEYS = 500_000;
    private static final long AUDIT_ROWS = Long.getLong("audit.rows", 1_000_000);
    private static final int SOME_STEPS = 500;
    private static final double BOUND = 1.5;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void issueAndRevoke_whileEndedKeysAreRemoved_takeLittleLonger(DatabaseServer server, Figures figures)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(8);
                Nodes nodes = new Nodes()) {
            ApiKeyStore store = JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .build();
            KeyService service = nodes.add(store, LeasePolicy.DEFAULT);
            Instant now = Instant.now();
            ManyRows rows = new ManyRows(database, server);
            Instant created = now.minus(Duration.ofDays(400));
            String ended = "" + now.minus(Duration.ofDays(100)).toEpochMilli();
            String far = "" + now.plus(Duration.ofDays(100)).toEpochMilli();
            rows.keys(new Range(1, KEYS / 2), created, far, ended + " + g");
            rows.keys(new Range(KEYS / 2 + 1, KEYS / 2), created, ended + " + g", "NULL");
            rows.keys(new Range(KEYS + 1, KEYS), created, far, "NULL");
            rows.uses(new Range(1, 2 * KEYS), ended);
            rows.analyze();

            new Alternating(service)
                    .measure(() -> running(store, settings -> settings.maintain()))
                    .report(figures, server, "while 500,000 ended keys are removed", BOUND);

            long left = database.number("SELECT COUNT(*) FROM api_key WHERE created_at < "
                    + now.minus(Duration.ofDays(1)).toEpochMilli());
            figures.number("ended keys removed meanwhile", server, KEYS, 2 * KEYS - left);
            assertThat(left).isLessThan(2 * KEYS);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void auditTrail_cut_costsOthersLittle_andEachStepTheSame(DatabaseServer server, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(8);
                Nodes nodes = new Nodes()) {
            FaultyStore store = new FaultyStore(JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .build());
            KeyService service = nodes.add(store, LeasePolicy.DEFAULT);
            long began = System.nanoTime();
            ManyRows rows = new ManyRows(database, server);
            Instant oldest = Instant.now().minus(Duration.ofDays(400));
            rows.audit(new Range(1, AUDIT_ROWS), oldest.toEpochMilli() + " + g");
            rows.analyze();
            System.out.printf("%s: %,d audit entries made in %d s%n", server, AUDIT_ROWS, seconds(began));
            List<Long> steps = new CopyOnWriteArrayList<>();
            long[] beginning = new long[1];
            store.before(StoreCall.REMOVE_OLDEST_AUDIT, step -> beginning[0] = System.nanoTime());
            store.after(StoreCall.REMOVE_OLDEST_AUDIT, step -> steps.add(System.nanoTime() - beginning[0]));

            String beside = String.format(Locale.ROOT, "while %,d audit entries are removed", AUDIT_ROWS);
            new Alternating(service)
                    .measure(() -> running(store, settings -> settings.cleanUp().runDue()))
                    .report(figures, server, beside, BOUND);
            began = System.nanoTime();
            try (KeyService cutting = cutting(store)) {
                cutting.cleanUp().runDue();
            }

            System.out.printf("%s: the rest was removed in %d s%n", server, seconds(began));
            long[] all = steps.stream().mapToLong(nanos -> nanos).toArray();
            figures.percentiles("a step that removes 500 audit entries", server, all);
            double growth = (double) median(all, all.length - SOME_STEPS) / median(all, 0);
            figures.ratio("the last steps of removal, beside the first, medians", server, all.length, growth, BOUND);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_audit WHERE created_at < "
                            + Instant.now().minus(Duration.ofDays(2)).toEpochMilli()))
                    .isEqualTo(1);
        }
    }

    private static KeyService cutting(ApiKeyStore store) {
        return KeyService.builder(store)
                .auditRetention(Duration.ofDays(1), AuditExport.NONE)
                .build();
    }

    /** Another node that does this until it is closed. */
    private static Alternating.Running running(ApiKeyStore store, Consumer<KeyService> work) {
        KeyService node = cutting(store);
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> work.accept(node));
        return () -> {
            node.close();
            running.get(60, TimeUnit.SECONDS);
        };
    }

    private static long median(long[] all, int from) {
        long[] some = Arrays.copyOfRange(all, from, from + SOME_STEPS);
        Arrays.sort(some);
        return some[SOME_STEPS / 2];
    }

    private static long seconds(long began) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    }
}
