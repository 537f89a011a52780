package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.Grant;
import dev.apikeys.IpRange;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Converts a row of {@code api_key} to the record and back. Columns are read by number, because requests with a key
 * that isn't cached wait for it.
 */
final class KeyRow {
    /** The columns for {@link #read}, with the aliases {@code k} for the key and {@code u} for its usage. */
    static final String COLUMNS = """
            k.id, k.public_id, k.kind, k.user_id, k.organization_id, k.workspace_id, k.name,
            k.grant_mode, k.grant_scopes, k.allowed_from, k.created_at, k.created_by, k.expires_at, k.paused_at,
            k.revoked_at, k.revoked_by, k.revoked_reason, u.last_used_at, u.last_used_ip, k.version,
            k.self_revocation, k.label, k.mcp_policy, k.mcp_policy_version, k.mcp_seen_version""";

    /** The number of columns for {@link #read}. */
    static final int COLUMN_COUNT = 25;

    /** {@link #bindNew} gives the values. */
    static final String INSERT = """
            INSERT INTO api_key (public_id, name, search_text, grant_mode, grant_scopes, allowed_from, expires_at,
            paused_at, revoked_at, revoked_by, revoked_reason, version, self_revocation, label, mcp_policy, mcp_policy_version,
            id, kind, user_id, organization_id, workspace_id, owner_id, created_at, created_by, slot, mcp_seen_version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** Replaces one version by the next. {@link #bindNext} gives the values. */
    static final String UPDATE = update("");

    /**
     * Stores the version of the policy that a session saw, if it is later than the stored one. Parameters: the version,
     * the id, the version.
     */
    static final String SEE_POLICY = "UPDATE api_key SET mcp_seen_version = ? WHERE id = ? AND mcp_seen_version < ?";

    /** Replaces the last version of a key that is revoked, and frees its slot. Parameters as for {@link #UPDATE}. */
    static final String REVOKE = update(", slot = NULL");

    private static final String SEPARATOR = " ";

    private KeyRow() {}

    /**
     * Reads the record from {@link #COLUMN_COUNT} columns.
     *
     * @throws SQLDataException if the row has a value that this version of the library doesn't know
     */
    static ApiKey read(ResultSet row, int first) throws SQLException {
        try {
            return new ApiKey(
                    UUID.fromString(row.getString(first)),
                    row.getString(first + 1),
                    KeyKind.valueOf(row.getString(first + 2)),
                    Columns.owner(row, first + 3),
                    row.getString(first + 6),
                    grant(row.getString(first + 7), row.getString(first + 8)),
                    ranges(row.getString(first + 9)),
                    options(row, first + 20),
                    Instant.ofEpochMilli(row.getLong(first + 10)),
                    row.getString(first + 11),
                    Columns.instant(row, first + 12),
                    Columns.instant(row, first + 13),
                    revocation(row, first + 14),
                    lastUse(row, first + 17),
                    McpSessions.of(row.getLong(first + 23), row.getLong(first + 24)),
                    row.getLong(first + 19));
        } catch (IllegalArgumentException unknown) {
            throw new SQLDataException("a stored key has a value that this version doesn't know", unknown);
        }
    }

    /** Gives the values of {@link #INSERT}. */
    static void bindNew(RowValues values, ApiKey key, String ownerId, @Nullable Integer slot) throws SQLException {
        bindContent(values, key);
        values.text(key.id().toString());
        values.text(key.kind().name());
        values.owner(key.owner());
        values.text(ownerId);
        values.instant(key.createdAt());
        values.text(key.createdBy());
        values.number(slot == null ? null : slot.longValue());
        values.number(key.mcpSessions().seenVersion());
    }

    /** Gives the values of {@link #UPDATE} and {@link #REVOKE}. */
    static void bindNext(RowValues values, ApiKey key, long expectedVersion) throws SQLException {
        bindContent(values, key);
        values.text(key.id().toString());
        values.number(expectedVersion);
    }

    private static String update(String more) {
        return """
                UPDATE api_key SET public_id = ?, name = ?, search_text = ?, grant_mode = ?, grant_scopes = ?,
                allowed_from = ?, expires_at = ?, paused_at = ?, revoked_at = ?, revoked_by = ?, revoked_reason = ?,
                version = ?, self_revocation = ?, label = ?, mcp_policy = ?,
                mcp_policy_version = ?""" + more + " WHERE id = ? AND version = ?";
    }

    private static void bindContent(RowValues values, ApiKey key) throws SQLException {
        Grant grant = key.grant();
        Revocation revocation = key.revocation();
        values.text(key.publicId());
        values.text(key.name());
        values.text(SearchText.of(key));
        values.text(grant instanceof Grant.ByMode byMode ? byMode.mode().name() : null);
        values.text(grant instanceof Grant.ByScopes byScopes ? byScopes.scopes().toString() : null);
        values.text(key.allowedFrom().stream().map(IpRange::getBlock).collect(Collectors.joining(SEPARATOR)));
        values.instant(key.expiresAt());
        values.instant(key.pausedAt());
        values.instant(revocation == null ? null : revocation.at());
        values.text(revocation == null ? null : revocation.by());
        values.text(revocation == null ? null : revocation.reason());
        values.number(key.version());
        values.text(key.options().selfRevocation().name());
        values.text(key.options().label());
        values.text(McpColumn.write(key.options().mcp()));
        values.number(key.mcpSessions().policyVersion());
    }

    private static Grant grant(@Nullable String mode, @Nullable String scopes) {
        if (mode != null) {
            return Grant.of(Mode.valueOf(mode));
        }
        if (scopes == null) {
            throw new IllegalArgumentException("neither a mode nor scopes");
        }
        return Grant.of(Scopes.parse(scopes));
    }

    private static KeyOptions options(ResultSet row, int first) throws SQLException {
        KeyOptions options = new KeyOptions(
                SelfRevocation.valueOf(row.getString(first)),
                row.getString(first + 1),
                McpColumn.read(row.getString(first + 2)));
        // Most keys have the default options, so all of them share one object in the cache.
        return options.equals(KeyOptions.DEFAULT) ? KeyOptions.DEFAULT : options;
    }

    private static List<IpRange> ranges(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(SEPARATOR)).map(IpRange::parse).toList();
    }

    private static @Nullable Revocation revocation(ResultSet row, int first) throws SQLException {
        Instant at = Columns.instant(row, first);
        return at == null ? null : new Revocation(at, row.getString(first + 1), row.getString(first + 2));
    }

    private static @Nullable LastUse lastUse(ResultSet row, int first) throws SQLException {
        Instant at = Columns.instant(row, first);
        return at == null ? null : new LastUse(at, row.getString(first + 1));
    }
}
