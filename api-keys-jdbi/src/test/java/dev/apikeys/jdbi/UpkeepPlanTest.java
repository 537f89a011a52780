package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyService;
import dev.apikeys.jdbi.ManyRows.Range;
import dev.apikeys.spi.AuditRemoval;
import dev.apikeys.spi.LatestUses;
import dev.apikeys.spi.MaintenanceReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a service does by itself reads a bounded part of each table, by an index, however many rows the table has. Most keys
 * here are old and live, which once made a step of maintenance read all of them.
 */
@Tag("tr-skip") // Plans don't depend on the locale.
class UpkeepPlanTest {
    private static final int ROWS = 20_000;
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1_000));
    private static final Instant BEFORE = NOW.minus(Duration.ofDays(90));
    private static final Pattern WHOLE_TABLE =
            Pattern.compile("(?m)seq scan on api_key(_credential|_usage|_audit|_change)?( |$)|filesort|^[ >-]*sort\\b"
                    + "|^(api_key(_credential|_usage|_audit|_change)?|[kcuap])\\|all\\b");

    private static final String FAR = "" + NOW.plus(Duration.ofDays(90)).toEpochMilli();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void upkeep_ofManyRows_readsPartsOfThemByAnIndex(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            List<String> sent = new CopyOnWriteArrayList<>();
            JdbiApiKeyStore store = store(database, sent);
            fill(database, server);
            sent.clear();

            assertThat(store.maintain(BEFORE, BEFORE, 100)).contains(new MaintenanceReport(100, 100));
            List<String> purge = List.copyOf(sent);
            sent.clear();
            AuditRemoval removal = store.housekeeping().removeOldestAudit(Instant.EPOCH, BEFORE, 500);
            assertThat(removal).isEqualTo(new AuditRemoval(500, LONG_AGO.plusMillis(501)));
            store.housekeeping().removeOldestAudit(BEFORE.minusSeconds(1), BEFORE, 500);
            store.housekeeping().oldestAudit(LONG_AGO, BEFORE, 500);
            LatestUses part = store.housekeeping().latestUses(null, BEFORE, 50);
            assertThat(part.uses()).isNotEmpty();
            store.housekeeping().latestUses(part.end(), BEFORE, 50);

            // Where a maintenance of 100 keys takes a statement for each, others wait for 700 of them.
            assertThat(purge).hasSizeLessThanOrEqualTo(20);
            assertPlans(database, purge);
            assertPlans(database, sent);
        }
    }

    /** Asked once by each service that starts, whatever the database holds. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void start_withManyRows_countsAndScansNothing(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            String token = Nodes.issue(nodes.add(database.store(2), settings -> settings), "alice")
                    .token()
                    .reveal();
            fill(database, server);
            List<String> sent = new CopyOnWriteArrayList<>();
            KeyService service = nodes.add(store(database, sent), settings -> settings);

            assertThat(Nodes.accepts(service, token)).isTrue();

            assertThat(sent).hasSizeLessThanOrEqualTo(20);
            assertPlans(database, sent);
        }
    }

    private static JdbiApiKeyStore store(TestDatabase database, List<String> sent) {
        return JdbiApiKeyStore.create(InterceptedDataSource.of(database.plain(), call -> {
            if (call.name().equals("prepareStatement")) {
                sent.add(String.valueOf(call.argument(0)));
            }
            return call.proceed();
        }));
    }

    private static void fill(TestDatabase database, DatabaseServer server) {
        ManyRows rows = new ManyRows(database, server);
        String ended = "" + BEFORE.minusSeconds(1).toEpochMilli();
        rows.keys(new Range(1, ROWS - 200), LONG_AGO, FAR, "NULL");
        rows.keys(new Range(ROWS - 199, 60), LONG_AGO, FAR, ended);
        rows.keys(new Range(ROWS - 139, 140), LONG_AGO, ended, "NULL");
        rows.uses(new Range(1, ROWS), FAR);
        rows.audit(new Range(1, ROWS), LONG_AGO.toEpochMilli() + " + g");
        rows.changes(ROWS, BEFORE.minusSeconds(1));
        rows.analyze();
    }

    private static void assertPlans(TestDatabase database, List<String> statements) throws SQLException {
        for (String sql : statements) {
            // What is in front of the last SELECT limits the time of the statement.
            String alone = sql.substring(sql.lastIndexOf("; ") + 1)
                    .replaceFirst("^/\\*M!.*?\\*/ ", "")
                    .strip();
            if (alone.matches("(?s)(SELECT|DELETE).* FROM api_key(_credential|_usage|_audit|_change)? .*")) {
                assertThat(plan(database, alone))
                        .as(alone)
                        .doesNotContainPattern(WHOLE_TABLE)
                        .contains(index(alone));
            }
        }
    }

    /** The index by which a step reads a bounded part, whatever the table holds. */
    private static String index(String sql) {
        if (sql.contains("FROM api_key WHERE revoked_at")) {
            return "api_key_by_state";
        }
        if (sql.contains("FROM api_key WHERE expires_at")) {
            return "api_key_by_expiry";
        }
        if (sql.contains("SELECT id FROM api_key WHERE")) {
            // By age, or by two columns at once, a step reads all old keys that have not ended.
            return "an index by one end";
        }
        return sql.contains("api_key_audit") && sql.contains("created_at") ? "api_key_audit_by_age" : "";
    }

    /** The values don't matter to what is found, but they do to how. */
    private static Object[] values(String sql) {
        long marks = sql.chars().filter(c -> c == '?').count();
        List<Object> values = new ArrayList<>();
        if (marks > 50) {
            for (int i = 0; i < marks; i++) {
                values.add(new UUID(i, i).toString());
            }
        } else if (sql.contains("api_key_usage")) {
            String from = "00";
            values.addAll(sql.contains("OFFSET") ? List.of(from, 50) : List.of(from, "00a", BEFORE.toEpochMilli()));
        } else if (sql.contains("api_key_audit") && sql.contains("created_at")) {
            long from = LONG_AGO.toEpochMilli();
            values.addAll(
                    sql.startsWith("DELETE")
                            ? List.of(from, from + 500, from + 500, "7")
                            : List.of(from, BEFORE.toEpochMilli(), 500).subList(0, (int) marks));
        } else if (sql.contains("api_key_change")) {
            values.addAll(sql.startsWith("DELETE") ? List.of(100L, BEFORE.toEpochMilli()) : List.of(100L, 200L));
        } else {
            values.addAll(
                    marks == 1
                            ? List.of("7")
                            : List.of(BEFORE.toEpochMilli(), 100).subList(0, (int) marks));
        }
        return values.toArray();
    }

    private static String plan(TestDatabase database, String sql) throws SQLException {
        List<String> plan = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN " + sql)) {
            Object[] values = values(sql);
            for (int i = 0; i < sql.chars().filter(c -> c == '?').count(); i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                boolean oneColumn = rows.getMetaData().getColumnCount() == 1;
                while (rows.next()) {
                    plan.add(
                            oneColumn
                                    ? rows.getString(1)
                                    : String.join(
                                            "|",
                                            Arrays.asList(
                                                    rows.getString("table"),
                                                    rows.getString("type"),
                                                    "" + rows.getString("key"),
                                                    rows.getString("Extra"))));
                }
            }
        }
        return String.join("\n", plan).toLowerCase(Locale.ROOT);
    }
}
