package dev.apikeys.jdbi;

import java.time.Instant;
import java.util.Locale;

/**
 * Fills the tables of a server with many rows, by statements that the server runs alone. An expression for a row may use
 * its number, {@code g}.
 */
final class ManyRows {
    private static final long AT_ONCE = 50_000;

    private final TestDatabase database;
    private final DatabaseServer server;

    ManyRows(TestDatabase database, DatabaseServer server) {
        this.database = database;
        this.server = server;
        if (server == DatabaseServer.MARIADB) {
            database.execute("SET GLOBAL innodb_buffer_pool_size = 1073741824");
        }
    }

    /** Some rows, with numbers from {@code first} on. */
    record Range(long first, long count) {}

    /** Keys with their tokens, each of an owner of its own. {@code revokedAt} may be NULL, for keys that work. */
    void keys(Range rows, Instant createdAt, String expiresAt, String revokedAt) {
        insert(
                rows,
                "api_key (id, public_id, kind, user_id, organization_id, workspace_id, owner_id, slot, name, search_text,"
                        + " grant_mode, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version,"
                        + " mcp_seen_version, created_at, created_by, expires_at, revoked_at, revoked_by, revoked_reason,"
                        + " version)",
                id() + ", " + publicId() + ", 'PERSONAL', CONCAT('user', g), CONCAT('org_', MOD(g, 1000)), '',"
                        + " MD5(CONCAT('owner', g)), CASE WHEN " + revokedAt
                        + " IS NULL THEN 0 END, 'CRM', 'crm', 'READ', '',"
                        + " 'REFUSED', '', 'active none\n\n', 1, 0, " + createdAt.toEpochMilli() + " + g, 'alice', "
                        + expiresAt + ", " + revokedAt + ", CASE WHEN " + revokedAt
                        + " IS NULL THEN NULL ELSE 'admin' END,"
                        + " CASE WHEN " + revokedAt + " IS NULL THEN NULL ELSE '' END, 1");
        insert(
                rows,
                "api_key_credential (public_id, key_id, secret_hash)",
                publicId() + ", " + id() + ", CONCAT('sha256$', MD5(CONCAT('a', g)), MD5(CONCAT('b', g)))");
    }

    /** Latest uses of such keys. */
    void uses(Range rows, String lastUsedAt) {
        insert(rows, "api_key_usage (key_id, last_used_at)", id() + ", " + lastUsedAt);
    }

    /** Audit entries, a thousand of each owner. */
    void audit(Range rows, String createdAt) {
        insert(
                rows,
                "api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event, reason, key_name,"
                        + " key_mode, actor, created_at)",
                uuid("CONCAT('audit', g)") + ", " + id() + ", 'PERSONAL', CONCAT('user', MOD(g, 1000)), 'org_1', '',"
                        + " MD5(CONCAT('owner', MOD(g, 1000))), 'CREATED', '', 'CRM', 'READ', 'alice', " + createdAt);
    }

    /** Changes of single tokens, and the epoch of the last one. */
    void changes(long count, Instant changedAt) {
        insert(
                new Range(1, count),
                "api_key_change (epoch, stamp, public_id, changed_at)",
                "g, 7, " + publicId() + ", " + changedAt.toEpochMilli());
        database.execute("UPDATE api_key_epoch SET epoch = " + count + ", stamp = 7");
    }

    void analyze() {
        for (String table : new String[] {"", "_credential", "_usage", "_audit", "_change"}) {
            database.execute(
                    (server == DatabaseServer.MARIADB ? "ANALYZE TABLE" : "VACUUM ANALYZE") + " api_key" + table);
        }
    }

    private void insert(Range rows, String into, String values) {
        long end = rows.first() + rows.count();
        for (long from = rows.first(); from < end; from += AT_ONCE) {
            long until = Math.min(from + AT_ONCE, end) - 1;
            String numbers = server == DatabaseServer.MARIADB
                    ? String.format(Locale.ROOT, "(SELECT seq AS g FROM seq_%d_to_%d) numbers", from, until)
                    : String.format(Locale.ROOT, "generate_series(%d, %d) g", from, until);
            database.execute("INSERT INTO " + into + " SELECT " + values + " FROM " + numbers);
        }
    }

    private static String id() {
        return uuid("CONCAT('id', g)");
    }

    private static String publicId() {
        return "LEFT(MD5(CONCAT('public', g)), 24)";
    }

    private static String uuid(String text) {
        String hash = "MD5(" + text + ")";
        return "CONCAT(LEFT(" + hash + ", 8), '-', SUBSTR(" + hash + ", 9, 4), '-', SUBSTR(" + hash + ", 13, 4), '-',"
                + " SUBSTR(" + hash + ", 17, 4), '-', SUBSTR(" + hash + ", 21, 12))";
    }
}
