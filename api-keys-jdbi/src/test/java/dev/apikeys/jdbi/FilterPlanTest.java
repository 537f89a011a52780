package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.PageRequest;
import dev.apikeys.mcp.McpPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
    private static final Pattern WHOLE_TABLE = Pattern.compile("seq scan on api_key( |$)|\\b(api_key|k)\\|all\\b");

    private static final String INSERT_KEY = """
            INSERT INTO api_key (id, public_id, owner_id, created_at, expires_at, paused_at, revoked_at, revoked_by,
            revoked_reason, label, mcp_policy, user_id, organization_id, name, search_text, created_by, kind,
            workspace_id, grant_scopes, allowed_from, self_revocation, mcp_policy_version, mcp_seen_version, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PERSONAL', '',
            'read:systems read:alerts read:people manage:systems manage:alerts manage:people', '192.0.2.0/24',
            'REFUSED', 1, 0, 1)""";

    private static final String INSERT_USE = "INSERT INTO api_key_usage (key_id, last_used_at) VALUES (?, ?)";
    private static final String INSERT_ENTRY =
            "INSERT INTO api_key_metadata (key_id, entry_name, entry_value) VALUES (?, 'team', ?)";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void lists_byStatusExpiryUseAndMetadata_readAnIndex(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            List<String> sent = new CopyOnWriteArrayList<>();
            JdbiApiKeyStore store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("prepareStatement")) {
                    sent.add(String.valueOf(call.argument(0)));
                }
                return call.proceed();
            }));
            fill(database, server);
            for (Expected expected : filters()) {
                sent.clear();
                assertThat(store.list(expected.filter(), PAGE).total()).isEqualTo(expected.keys());
                assertThat(sent).hasSize(2);
                Conditions conditions = KeyConditions.of(expected.filter());
                String counted = plan(database, sent.get(0), conditions.values());
                String listed = plan(database, sent.get(1), conditions.values(PAGE.limit(), PAGE.offset()));
                assertThat(counted).as(conditions.where()).contains(expected.index());
                assertThat(counted + listed).as(conditions.where()).doesNotContainPattern(WHOLE_TABLE);
            }
        }
    }

    /** A filter, with the number of keys that it finds, and the index in which they are counted. */
    private record Expected(KeyFilter filter, long keys, String index) {}

    private static List<Expected> filters() {
        KeyFilter all = KeyFilter.everything();
        return List.of(
                new Expected(all.status(Status.PAUSED, NOW), 198, "api_key_by_state"),
                new Expected(all.status(Status.REVOKED, NOW), 200, "api_key_by_"),
                new Expected(all.status(Status.EXPIRED, NOW), 241, "api_key_by_"),
                new Expected(all.status(Status.ACTIVE, NOW), KEYS - 198 - 200 - 241, "api_key_by_state"),
                new Expected(all.liveAt(NOW).expiringBefore(NOW.plus(Duration.ofHours(100))), 98, "api_key_by_"),
                new Expected(all.unusedSince(NOW.minus(Duration.ofDays(90))), 90, "api_key_by_age"),
                new Expected(all.neverUsed().unusedSince(NOW), 50, "api_key_by_"),
                new Expected(all.metadata("team", "blue"), 40, "api_key_metadata_by_entry"),
                new Expected(all.unrevoked().metadata("team", "blue"), 40, "api_key_metadata_by_entry"),
                new Expected(all.metadata(KeyOptions.LABEL, "crm"), 100, "api_key_by_label"));
    }

    /** Keys that were issued and end an hour after each other; a few paused, revoked, out of use, or with metadata. */
    private static void fill(TestDatabase database, DatabaseServer server) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT_KEY)) {
                for (int i = 0; i < KEYS; i++) {
                    bind(insert, i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement use = connection.prepareStatement(INSERT_USE);
                    PreparedStatement entry = connection.prepareStatement(INSERT_ENTRY)) {
                for (int i = 0; i < KEYS; i++) {
                    if (i % 400 != 0) {
                        use.setString(1, id(i));
                        use.setLong(
                                2,
                                NOW.minus(Duration.ofDays(i % 400 == 1 ? 100 : 1))
                                        .toEpochMilli());
                        use.addBatch();
                    }
                    entry.setString(1, id(i));
                    entry.setString(2, i % 500 == 0 ? "blue" : "team of its own " + i);
                    entry.addBatch();
                }
                use.executeBatch();
                entry.executeBatch();
            }
            connection.commit();
        }
        if (server == DatabaseServer.MARIADB) {
            database.execute("ANALYZE TABLE api_key, api_key_usage, api_key_metadata");
        } else {
            database.execute(
                    "VACUUM ANALYZE api_key", "VACUUM ANALYZE api_key_usage", "VACUUM ANALYZE api_key_metadata");
        }
    }

    private static String id(int i) {
        return "00000000-0000-0000-0000-" + String.format(Locale.ROOT, "%012d", i);
    }

    private static void bind(PreparedStatement insert, int i) throws SQLException {
        boolean revoked = i % 100 == 70;
        insert.setString(1, id(i));
        insert.setString(2, "public" + i);
        insert.setString(3, "owner" + i);
        insert.setLong(4, NOW.minus(Duration.ofHours(KEYS - i)).toEpochMilli());
        insert.setLong(5, NOW.plus(Duration.ofHours(i - 242L)).toEpochMilli());
        insert.setObject(6, i % 100 == 50 ? 1L : null, Types.BIGINT);
        insert.setObject(7, revoked ? 1L : null, Types.BIGINT);
        insert.setString(8, revoked ? "alice" : null);
        insert.setString(9, revoked ? "" : null);
        insert.setString(10, i % 200 == 0 ? "crm" : "");
        insert.setString(11, McpColumn.write(McpPolicy.DEFAULT));
        // As wide as the keys of a host whose people and organizations have random ids.
        String user = "user_" + id(i);
        String organization = "org_" + id(i / 100);
        String name = "Deployment of the CRM, number " + i;
        insert.setString(12, user);
        insert.setString(13, organization);
        insert.setString(14, name);
        insert.setString(15, name.toLowerCase(Locale.ROOT) + "\n" + user + "\n" + organization);
        insert.setString(16, user);
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
        return plan.toString().toLowerCase(Locale.ROOT);
    }
}
