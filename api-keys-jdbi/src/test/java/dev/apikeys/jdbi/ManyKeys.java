package dev.apikeys.jdbi;

import dev.apikeys.jdbi.Conditions.Clause;
import dev.apikeys.mcp.McpPolicy;
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
import java.util.regex.Pattern;

/** Tables with so many keys that the planner prefers indexes, and the plans of statements on them. */
final class ManyKeys {
    static final int KEYS = 20_000;
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final Pattern WHOLE_TABLE =
            Pattern.compile("seq scan on (api_key|api_key_audit)( |$)|\\b(api_key|api_key_audit|k|a)\\|all\\b");

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

    private ManyKeys() {}

    /** Keys that were issued and end an hour after each other; a few paused, revoked, out of use, or with metadata. */
    static void fill(TestDatabase database, DatabaseServer server) throws SQLException {
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
        analyse(database, server);
    }

    /** Adds revoked keys of one owner, older than the others, and three that work. */
    static void hoard(TestDatabase database, String ownerId, int keys) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(INSERT_KEY)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < keys; i++) {
                bind(insert, KEYS + i);
                insert.setString(3, ownerId);
                insert.setLong(4, NOW.minus(Duration.ofHours(KEYS + i)).toEpochMilli());
                insert.setObject(6, null, Types.BIGINT);
                insert.setObject(7, i < 3 ? null : 1L, Types.BIGINT);
                insert.setString(8, i < 3 ? null : "alice");
                insert.setString(9, i < 3 ? null : "");
                insert.setString(12, "hoarder");
                insert.setString(13, "org_hoarder");
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    /** Adds audit entries about the keys: mostly their creation, few rotations, and some of one owner. */
    static void audit(TestDatabase database, String ownerId) {
        database.execute(
                "INSERT INTO api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event,"
                        + " reason, key_name, actor, created_at) SELECT id, id, kind, user_id, organization_id, '',"
                        + " CASE WHEN public_id LIKE 'public%1' THEN '" + ownerId + "' ELSE owner_id END,"
                        + " CASE WHEN public_id LIKE 'public%123' THEN 'ROTATED' ELSE 'CREATED' END, '', name, user_id, created_at"
                        + " FROM api_key");
    }

    /** Brings the statistics up to date. */
    static void analyse(TestDatabase database, DatabaseServer server) {
        if (server == DatabaseServer.MARIADB) {
            database.execute("ANALYZE TABLE api_key, api_key_usage, api_key_metadata, api_key_audit");
        } else {
            database.execute(
                    "VACUUM ANALYZE api_key",
                    "VACUUM ANALYZE api_key_audit",
                    "VACUUM ANALYZE api_key_usage",
                    "VACUUM ANALYZE api_key_metadata");
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
    static String plan(TestDatabase database, Clause statement) throws SQLException {
        try (Connection connection = database.connect()) {
            return plan(connection, statement);
        }
    }

    private static String plan(Connection connection, Clause explained) throws SQLException {
        StringBuilder plan = new StringBuilder();
        if (Database.of(connection) == Database.POSTGRESQL) {
            try (Statement settings = connection.createStatement()) {
                // As each transaction of the store.
                settings.execute("SET enable_seqscan = off");
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN " + explained.sql())) {
            List<Object> values = explained.values();
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
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
