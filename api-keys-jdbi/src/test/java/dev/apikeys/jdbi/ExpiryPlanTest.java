package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The meter of keys that end soon asks for their number on each node once a minute: by one statement, from an index. */
@Tag("tr-skip")
class ExpiryPlanTest {
    private static final int KEYS = 20_000;
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final PageRequest NO_KEYS = new PageRequest(Long.MAX_VALUE, null, 1);
    private static final String INSERT = """
            INSERT INTO api_key (id, public_id, owner_id, expires_at, revoked_at, kind, user_id, organization_id,
            workspace_id, name, search_text, grant_mode, allowed_from, self_revocation, label, mcp_policy,
            mcp_policy_version, mcp_seen_version, created_at, created_by, version) VALUES (?, ?, ?, ?, ?, 'PERSONAL',
            'alice', 'org_1', '', 'CRM', 'crm', 'READ', '', 'REFUSED', '', '', 1, 0, 0, 'alice', 1)""";

    @ParameterizedTest
    @EnumSource
    void keysThatEndSoon_areCountedInAnIndexAlone(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            List<String> sent = new CopyOnWriteArrayList<>();
            JdbiApiKeyStore store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("prepareStatement")) {
                    sent.add(String.valueOf(call.argument(0)));
                }
                return call.proceed();
            }));
            fill(database, server);
            sent.clear();
            Instant until = NOW.plus(Duration.ofDays(7));

            Page<ApiKey> soon = store.list(KeyFilter.everything().unrevoked().endingBetween(NOW, until), NO_KEYS);

            assertThat(soon.total()).isEqualTo(84);
            assertThat(soon.items()).isEmpty();
            assertThat(sent).hasSize(1);
            assertThat(plan(database, sent.get(0), until)).contains("api_key_by_expiry");
        }
    }

    /** Keys that end an hour after each other, every other one revoked. */
    private static void fill(TestDatabase database, DatabaseServer server) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < KEYS; i++) {
                insert.setString(1, "id" + i);
                insert.setString(2, "public" + i);
                insert.setString(3, "owner" + i);
                insert.setLong(4, NOW.plus(Duration.ofHours(i)).toEpochMilli());
                insert.setObject(5, i % 2 == 0 ? null : 1L, Types.BIGINT);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
        database.execute(server == DatabaseServer.MARIADB ? "ANALYZE TABLE api_key" : "ANALYZE");
    }

    private static String plan(TestDatabase database, String sql, Instant until) throws SQLException {
        String explained =
                sql.replaceFirst("\\?", "" + NOW.toEpochMilli()).replaceFirst("\\?", "" + until.toEpochMilli());
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN " + explained)) {
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    // MariaDB also lists the indexes that it could have taken.
                    if (!rows.getMetaData().getColumnLabel(column).equals("possible_keys")) {
                        plan.append(rows.getString(column)).append('\n');
                    }
                }
            }
        }
        return plan.toString().toLowerCase(Locale.ROOT);
    }
}
