package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyFilter;
import dev.apikeys.PageRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lists by status, expiry, use and metadata read an index. None of their statements reads the whole table of keys, whose
 * rows are wide.
 */
@Tag("tr-skip") // Plans don't depend on the locale.
class FilterPlanTest {
    private static final int KEYS = 20_000;
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final PageRequest PAGE = PageRequest.first(20);
    private static final Pattern WHOLE_TABLE = Pattern.compile("seq scan on api_key( |$)|\\bapi_key\\|all\\b");

    private static final String INSERT_KEY = """
            INSERT INTO api_key (id, public_id, owner_id, created_at, expires_at, paused_at, revoked_at, label, kind,
            user_id, organization_id, workspace_id, name, search_text, grant_mode, allowed_from, self_revocation,
            mcp_policy, mcp_policy_version, mcp_seen_version, created_by, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?,
            'PERSONAL', 'alice', 'org_1', '', 'CRM', 'crm', 'READ', '', 'REFUSED', ?, 1, 0, 'alice', 1)""";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void lists_byStatusExpiryAndUse_readAnIndex(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            List<String> sent = new CopyOnWriteArrayList<>();
            JdbiApiKeyStore store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("prepareStatement")) {
                    sent.add(String.valueOf(call.argument(0)));
                }
                return call.proceed();
            }));
            fill(database, server);
            for (Map.Entry<KeyFilter, Integer> expected : filters().entrySet()) {
                KeyFilter filter = expected.getKey();
                sent.clear();
                assertThat(store.list(filter, PAGE).total())
                        .isEqualTo(expected.getValue().longValue());
                assertThat(sent).hasSize(2);
                Conditions conditions = KeyConditions.of(filter);
                String counted = plan(database, sent.get(0), conditions.values());
                String listed = plan(database, sent.get(1), conditions.values(PAGE.limit(), PAGE.offset()));
                assertThat(counted + listed)
                        .as(conditions.where())
                        .doesNotContainPattern(WHOLE_TABLE)
                        .contains("api_key_by_");
            }
        }
    }

    /** Each filter, with the number of keys that it finds. */
    private static Map<KeyFilter, Integer> filters() {
        KeyFilter all = KeyFilter.everything();
        Map<KeyFilter, Integer> filters = new LinkedHashMap<>();
        filters.put(all.status(Status.PAUSED, NOW), 198);
        filters.put(all.status(Status.REVOKED, NOW), 200);
        filters.put(all.status(Status.EXPIRED, NOW), 241);
        filters.put(all.status(Status.ACTIVE, NOW), KEYS - 198 - 200 - 241);
        filters.put(all.liveAt(NOW).expiringBefore(NOW.plus(Duration.ofHours(100))), 98);
        filters.put(all.unusedSince(NOW.minus(Duration.ofDays(90))), 90);
        filters.put(all.neverUsed().unusedSince(NOW), 50);
        return filters;
    }

    /** Keys that were issued and end an hour after each other; a few paused, revoked, or out of use. */
    private static void fill(TestDatabase database, DatabaseServer server) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(INSERT_KEY);
                PreparedStatement use =
                        connection.prepareStatement("INSERT INTO api_key_usage (key_id, last_used_at) VALUES (?, ?)")) {
            connection.setAutoCommit(false);
            String policy = McpColumn.write(dev.apikeys.mcp.McpPolicy.DEFAULT);
            Instant first = NOW.minus(Duration.ofHours(KEYS));
            for (int i = 0; i < KEYS; i++) {
                String id = "00000000-0000-0000-0000-" + String.format("%012d", i);
                insert.setString(1, id);
                insert.setString(2, "public" + i);
                insert.setString(3, "owner" + i);
                insert.setLong(4, first.plus(Duration.ofHours(i)).toEpochMilli());
                insert.setLong(5, NOW.plus(Duration.ofHours(i - 242L)).toEpochMilli());
                insert.setObject(6, i % 100 == 50 ? 1L : null, Types.BIGINT);
                insert.setObject(7, i % 100 == 70 ? 1L : null, Types.BIGINT);
                insert.setString(8, i % 200 == 0 ? "crm" : "");
                insert.setString(9, policy);
                insert.addBatch();
                if (i % 400 != 0) {
                    boolean idle = i % 400 == 1;
                    use.setString(1, id);
                    use.setLong(2, NOW.minus(Duration.ofDays(idle ? 100 : 1)).toEpochMilli());
                    use.addBatch();
                }
            }
            insert.executeBatch();
            use.executeBatch();
            connection.commit();
        }
        if (server == DatabaseServer.MARIADB) {
            database.execute("ANALYZE TABLE api_key, api_key_usage");
        } else {
            database.execute("VACUUM ANALYZE api_key", "VACUUM ANALYZE api_key_usage");
        }
    }

    /** The plan in lower case: PostgreSQL's lines, or of MariaDB table and access, and then the index, in one line each. */
    private static String plan(TestDatabase database, String sql, Object[] values) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN " + sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                boolean oneColumn = rows.getMetaData().getColumnCount() == 1;
                while (rows.next()) {
                    plan.append(
                            oneColumn
                                    ? rows.getString(1)
                                    : rows.getString("table") + "|" + rows.getString("type") + "|"
                                            + rows.getString("key"));
                    plan.append('\n');
                }
            }
        }
        return plan.toString().toLowerCase(java.util.Locale.ROOT);
    }
}
