package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Tells whether an update lets a key do something that it can't do now. Pauses are not looked at: they are switches. */
final class Widening {
    private final Function<Grant, Scopes> scopesOf;

    Widening(Function<Grant, Scopes> scopesOf) {
        this.scopesOf = scopesOf;
    }

    boolean isIn(KeyUpdate update, ApiKey key) {
        return update.grant().filter(grant -> isWider(grant, key.grant())).isPresent()
                || update.allowedFrom()
                        .filter(ranges -> isWider(ranges, key.allowedFrom()))
                        .isPresent()
                || update.expiresAt().filter(end -> isLater(end, key)).isPresent()
                || isWider(update.applied(key.options()).mcp(), key.options().mcp());
    }

    private boolean isWider(Grant grant, Grant present) {
        return !grant.equals(present) && !scopesOf.apply(present).covers(scopesOf.apply(grant));
    }

    private static boolean isWider(List<IpRange> ranges, List<IpRange> present) {
        if (present.isEmpty()) {
            return false;
        }
        return ranges.isEmpty()
                || !ranges.stream().allMatch(range -> present.stream().anyMatch(known -> known.covers(range)));
    }

    private static boolean isWider(McpPolicy policy, McpPolicy present) {
        return !policy.isWithin(present);
    }

    private static boolean isLater(Instant end, ApiKey key) {
        Instant present = key.expiresAt();
        return present != null && end.isAfter(present);
    }
}
