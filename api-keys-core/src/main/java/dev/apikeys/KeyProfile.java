package dev.apikeys;

import java.util.List;

/**
 * What many keys have in common: cached keys that are alike share one.
 *
 * <p>Immutable and thread-safe.
 */
record KeyProfile(KeyKind kind, Grant grant, List<IpRange> allowedFrom, KeyTraits traits, McpSessions mcpSessions) {
    /** Of an id that no key has: it grants nothing. */
    static final KeyProfile UNKNOWN =
            new KeyProfile(KeyKind.PERSONAL, Grant.of(Scopes.NONE), List.of(), KeyTraits.DEFAULT, McpSessions.NONE);

    /** What the key has in common with others, its grant as one object for all keys that have it. */
    static KeyProfile of(ApiKey key, Grant shared) {
        return new KeyProfile(key.kind(), shared, key.allowedFrom(), key.traits(), key.mcpSessions());
    }
}
