package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What many keys have in common: cached keys that are alike share one.
 *
 * <p>Immutable and thread-safe.
 */
record SharedEntryPart(
        KeyKind kind, Grant grant, List<IpRange> allowedFrom, KeyOptions options, McpSessions mcpSessions) {
    /** Of an id that no key has: it grants nothing. */
    static final SharedEntryPart UNKNOWN = new SharedEntryPart(
            KeyKind.PERSONAL, Grant.of(Scopes.NONE), List.of(), KeyOptions.DEFAULT, McpSessions.NONE);

    /** What the key has in common with others, its grant as one object for all keys that have it. */
    static SharedEntryPart of(ApiKey key, Grant shared) {
        return new SharedEntryPart(key.kind(), shared, key.allowedFrom(), key.options(), key.mcpSessions());
    }

    /** Tells whether the key may be used from this address; a key without a limit may be used from anywhere. */
    boolean allowsAddress(@Nullable String address) {
        if (allowedFrom.isEmpty()) {
            return true;
        }
        return address != null && allowedFrom.stream().anyMatch(range -> range.contains(address));
    }
}
