package dev.apikeys.jdbi;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One table of the schema: its columns, and the rights on it that the store needs.
 *
 * @param name its name
 * @param columns every column, for a SELECT or an INSERT
 * @param rights the rights that the store needs
 */
record SchemaTable(String name, String columns, Set<Right> rights) {
    /** What the database user must be allowed to do. */
    enum Right {
        SELECT,
        INSERT,
        UPDATE,
        DELETE
    }

    private static final String OWNER_COLUMNS = "user_id, organization_id, workspace_id";

    /** The tables, in the order in which the scripts create them. */
    static final List<SchemaTable> ALL = List.of(
            new SchemaTable(
                    "api_key_epoch",
                    "id, epoch, stamp, incarnation, schema_version",
                    EnumSet.of(Right.SELECT, Right.UPDATE)),
            new SchemaTable("api_key_owner", "owner_id", EnumSet.of(Right.SELECT, Right.INSERT, Right.UPDATE)),
            new SchemaTable(
                    "api_key",
                    "id, public_id, kind, " + OWNER_COLUMNS + ", owner_id, slot, name, search_text, grant_mode,"
                            + " grant_scopes, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version, mcp_seen_version, created_at, created_by, expires_at, paused_at, revoked_at,"
                            + " revoked_by, revoked_reason, version",
                    EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_credential", "public_id, key_id, secret_hash, valid_until", EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_change",
                    "epoch, stamp, public_id, " + OWNER_COLUMNS + ", changed_at",
                    EnumSet.of(Right.SELECT, Right.INSERT, Right.DELETE)),
            new SchemaTable("api_key_maintenance", "id", EnumSet.of(Right.SELECT, Right.UPDATE)),
            new SchemaTable("api_key_usage", "key_id, last_used_at, last_used_ip", EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_audit",
                    "id, key_id, kind, " + OWNER_COLUMNS + ", owner_id, event, reason, key_name, key_mode, actor,"
                            + " client_address, client_method, client_path, created_at",
                    EnumSet.of(Right.SELECT, Right.INSERT)));

    /** A statement that fails without this right or without one of the columns, and changes no row. */
    String probe(Right right) {
        return switch (right) {
            case SELECT -> "SELECT " + columns + " FROM " + name + " WHERE 1 = 0";
            case INSERT ->
                "INSERT INTO " + name + " (" + columns + ") SELECT " + columns + " FROM " + name + " WHERE 1 = 0";
            case UPDATE ->
                "UPDATE " + name + " SET "
                        + Arrays.stream(columns.split(", "))
                                .map(c -> c + " = " + c)
                                .collect(Collectors.joining(", "))
                        + " WHERE 1 = 0";
            case DELETE -> "DELETE FROM " + name + " WHERE 1 = 0";
        };
    }
}
