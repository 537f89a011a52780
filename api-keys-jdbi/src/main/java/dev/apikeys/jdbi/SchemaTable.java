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
 * @param since the schema version that brought it
 * @param columns every column, for a SELECT or an INSERT
 * @param rights the rights that the store needs
 */
record SchemaTable(String name, int since, String columns, Set<Right> rights) {
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
                    1,
                    "id, epoch, stamp, incarnation, schema_version",
                    EnumSet.of(Right.SELECT, Right.UPDATE)),
            new SchemaTable("api_key_owner", 1, "owner_id", EnumSet.of(Right.SELECT, Right.INSERT, Right.UPDATE)),
            new SchemaTable(
                    "api_key",
                    1,
                    "id, public_id, kind, " + OWNER_COLUMNS + ", owner_id, slot, name, search_text, grant_mode,"
                            + " grant_scopes, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version, mcp_seen_version, created_at, created_by, expires_at, paused_at, revoked_at,"
                            + " revoked_by, revoked_reason, version",
                    EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_credential", 1, "public_id, key_id, secret_hash, valid_until", EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_change",
                    1,
                    "epoch, stamp, public_id, " + OWNER_COLUMNS + ", changed_at",
                    EnumSet.of(Right.SELECT, Right.INSERT, Right.DELETE)),
            new SchemaTable("api_key_maintenance", 1, "id", EnumSet.of(Right.SELECT, Right.UPDATE)),
            new SchemaTable("api_key_usage", 1, "key_id, last_used_at, last_used_ip", EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_audit",
                    1,
                    "id, key_id, kind, " + OWNER_COLUMNS + ", owner_id, event, reason, key_name, key_mode, actor,"
                            + " client_address, client_method, client_path, created_at",
                    EnumSet.of(Right.SELECT, Right.INSERT)),
            new SchemaTable("api_key_metadata", 2, "key_id, entry_name, entry_value", EnumSet.allOf(Right.class)),
            new SchemaTable("api_key_notice", 2, "key_id, notice, about, given_at", EnumSet.allOf(Right.class)),
            new SchemaTable(
                    "api_key_task", 2, "task, node, held_until", EnumSet.of(Right.SELECT, Right.INSERT, Right.UPDATE)));

    /** The tables of this schema version. */
    static List<SchemaTable> of(int version) {
        return ALL.stream().filter(table -> table.since <= version).toList();
    }

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
