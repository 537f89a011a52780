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

    static KeyProfile of(ApiKey key) {
        return new KeyProfile(key.kind(), key.grant(), key.allowedFrom(), key.traits(), key.mcpSessions());
    }
}
