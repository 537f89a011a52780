package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Calls of every route that there is, with fields that are all valid. A route or field that is added later is called
 * without being named here, or a test fails and asks for a valid value.
 */
final class ManagementCalls {
    private static final Map<Field, String> VALID = new EnumMap<>(Map.of(
            Field.NAME, "\"CRM\"",
            Field.MODE, "\"read\"",
            Field.LIFETIME_DAYS, "30",
            Field.PASSWORD, "\"" + ManagementWorld.PASSWORD + "\"",
            Field.PAGE, "1",
            Field.PAGE_SIZE, "100",
            Field.EVENT, "created"));

    private ManagementCalls() {}

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
                .map(field -> world.nameOf(field) + "=" + (field == Field.KEY ? key.toString() : valid(field)))
                .collect(Collectors.joining("&"));
        return new Target(route, path + "?" + query);
    }

    static boolean takesKey(Route<?> route) {
        return route.path().contains("{key}") || route.fields().contains(Field.KEY);
    }

    /** A valid body; empty for a route that takes none. */
    static String body(Route<?> route, ManagementWorld world) {
        return route.source() == Route.Source.BODY ? body(route, world, "") : "";
    }

    /** A valid body with more fields at its end, each with a comma before it. */
    static String body(Route<?> route, ManagementWorld world, String more) {
        return route.fields().stream()
                .map(field -> "\"" + world.nameOf(field) + "\":" + valid(field))
                .collect(Collectors.joining(",", "{", more + "}"));
    }

    private static String valid(Field field) {
        return Objects.requireNonNull(VALID.get(field), () -> "give a valid value for " + field);
    }

    /** All that is stored. */
    record Snapshot(List<ApiKey> keys, List<AuditEntry> audit) {
        static Snapshot of(ManagementWorld world) {
            return new Snapshot(world.storedKeys(), world.storedAudit());
        }
    }
}
