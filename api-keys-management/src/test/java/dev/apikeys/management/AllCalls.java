package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.KeyRef;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Calls of every route that there is, with fields that are all valid. A route or field that is added later is called
 * without being named here, or a test fails and asks for a valid value.
 */
final class AllCalls {
    private static final Map<Field, String> IN_BODY = new EnumMap<>(Map.ofEntries(
            Map.entry(Field.KEY, "null"),
            Map.entry(Field.MODE, "\"read\""),
            Map.entry(Field.LIFETIME_DAYS, "30"),
            Map.entry(Field.EXPIRES_AT, "\"2026-05-01T00:00:00Z\""),
            Map.entry(Field.ALLOWED_FROM, "[\"127.0.0.0/8\"]"),
            Map.entry(Field.GRACE_HOURS, "1"),
            Map.entry(Field.PROOF, "\"" + ManagementWorld.PASSWORD + "\""),
            Map.entry(Field.SCOPES, "[\"read:systems\"]"),
            Map.entry(Field.LABEL, "\"project\""),
            Map.entry(Field.SELF_REVOCATION, "true"),
            Map.entry(Field.ORGANIZATION, "null"),
            Map.entry(Field.WORKSPACE, "null"),
            Map.entry(Field.ON, "false"),
            Map.entry(Field.MCP_ACTIVE, "true"),
            Map.entry(Field.MCP_PRESET, "\"custom\""),
            Map.entry(Field.MCP_READ_ONLY, "true"),
            Map.entry(Field.MCP_ALLOWLIST_MODE, "\"listed\""),
            Map.entry(Field.MCP_TOOLS, "[\"systems_*\"]"),
            Map.entry(Field.MCP_PERMISSIONS, "[\"mcp:tools:call\"]"),
            Map.entry(Field.MCP_PROJECTS, "[\"p1\"]"),
            Map.entry(Field.MCP_INSTANCES, "[]")));

    private static final Map<Field, String> IN_QUERY = new EnumMap<>(Map.ofEntries(
            Map.entry(Field.ORGANIZATION, ""),
            Map.entry(Field.WORKSPACE, ""),
            Map.entry(Field.SEARCH, "a"),
            Map.entry(Field.STATUS, "active"),
            Map.entry(Field.OWNER, "alice"),
            Map.entry(Field.SORT_BY, "name"),
            Map.entry(Field.SORT_DIRECTION, "asc"),
            Map.entry(Field.PAGE, "1"),
            Map.entry(Field.PAGE_SIZE, "100"),
            Map.entry(Field.EVENT, "created")));

    private static final AtomicInteger NAMES = new AtomicInteger();

    private AllCalls() {}

    /** A method, and the path below the mount with its query. */
    record Target(Route<?> route, String path) {
        String method() {
            return route.method();
        }
    }

    /** The target of a route that is about this key, wherever it takes one. */
    static Target about(UUID key, Route<?> route, ManagementWorld world) {
        String path = route.path().replace("{key}", key.toString());
        if (route.source() != Route.Source.QUERY || route.fields().isEmpty()) {
            return new Target(route, path);
        }
        String query = route.fields().stream()
                .map(field ->
                        world.nameOf(field) + "=" + (field == Field.KEY ? key.toString() : valid(IN_QUERY, field)))
                .collect(Collectors.joining("&"));
        return new Target(route, path + "?" + query);
    }

    static boolean takesKey(Route<?> route) {
        return route.path().contains("{key}")
                || (route.source() == Route.Source.QUERY && route.fields().contains(Field.KEY));
    }

    /** A valid body; empty for a route that takes none. */
    static String body(Route<?> route, ManagementWorld world) {
        return takesBody(route) ? body(route, world, "") : "";
    }

    /** Tells whether the call changes what is stored. To explain a policy is a POST, because the policy is in its body. */
    static boolean writes(Route<?> route) {
        return route.changesState() && !route.path().equals("/mcp/explain");
    }

    /** Brings the key into the state in which the call changes something. */
    static void prepare(UUID key, Route<?> route, ManagementWorld world) {
        if (route.path().endsWith("/resume")) {
            world.keys.pause(KeyRef.of(key), Actor.of("alice"));
        }
    }

    private static boolean takesBody(Route<?> route) {
        return route.source() == Route.Source.BODY || route.source() == Route.Source.OPTIONAL_BODY;
    }

    /** A valid body with more fields at its end, each with a comma before it. */
    static String body(Route<?> route, ManagementWorld world, String more) {
        return route.fields().stream()
                // A new key has an end or a lifetime, and not both.
                .filter(field -> field != Field.EXPIRES_AT || !route.fields().contains(Field.LIFETIME_DAYS))
                .map(field -> "\"" + world.nameOf(field) + "\":" + inBody(field))
                .collect(Collectors.joining(",", "{", more + "}"));
    }

    /** Names are new each time: some families want them unique. */
    private static String inBody(Field field) {
        return field == Field.NAME ? "\"CRM " + NAMES.incrementAndGet() + "\"" : valid(IN_BODY, field);
    }

    private static String valid(Map<Field, String> values, Field field) {
        return Objects.requireNonNull(values.get(field), () -> "give a valid value for " + field);
    }

    /** All that is stored. */
    record Snapshot(List<ApiKey> keys, List<AuditEntry> audit) {
        static Snapshot of(ManagementWorld world) {
            return new Snapshot(world.storedKeys(), world.storedAudit());
        }
    }
}
