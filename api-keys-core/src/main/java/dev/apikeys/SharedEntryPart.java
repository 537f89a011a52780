package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values that many keys have in common. Similar cached keys share one object.
 *
 * <p>Immutable and thread-safe.
 */
record SharedEntryPart(
        KeyKind kind, Grant grant, List<IpRange> allowedFrom, KeyOptions options, McpSessions mcpSessions) {
    /** For unknown ids; it grants nothing. */
    static final SharedEntryPart UNKNOWN = new SharedEntryPart(
            KeyKind.PERSONAL, Grant.of(Scopes.NONE), List.of(), KeyOptions.DEFAULT, McpSessions.NONE);

    /** The common values of a key. Its grant is one object for all keys with an equal grant. */
    static SharedEntryPart of(ApiKey key, Grant shared) {
        return new SharedEntryPart(key.kind(), shared, key.allowedFrom(), key.options(), key.mcpSessions());
    }

    /** Tells whether the key may be used from this address; a key without a limit may be used from anywhere. */
    boolean allowsAddress(@Nullable String address) {
        if (allowedFrom.isEmpty()) {
            return true;
        }
        return address != null && IpRange.anyContains(allowedFrom, address);
    }
}
