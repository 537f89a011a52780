package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A recently used key, with the answer that its requests get. The answer is built once, because every request gets it. It
 * is kept here and not in the cache entry, because it is large and most keys are idle.
 *
 * <p>Thread-safe. The answer is remembered without a lock: a thread that loses the race builds an equal one.
 */
final class FrontCacheEntry {
    private final CacheEntry entry;
    private @Nullable AcceptedFor accepted;

    FrontCacheEntry(CacheEntry entry) {
        this.entry = entry;
    }

    /** The answer for one state of the owner. */
    private record AcceptedFor(OwnerDirectory.State state, Verification.Accepted answer) {}

    CacheEntry entry() {
        return entry;
    }

    Verification.Accepted accepted(OwnerDirectory.State state, ScopeIntersections scopes, TokenFormat format) {
        AcceptedFor cached = accepted;
        if (cached != null && cached.state.equals(state)) {
            return cached.answer;
        }
        Verification.Accepted answer = build(state, scopes, format);
        accepted = new AcceptedFor(state, answer);
        return answer;
    }

    private Verification.Accepted build(OwnerDirectory.State state, ScopeIntersections scopes, TokenFormat format) {
        SharedEntryPart shared = entry.shared();
        return new Verification.Accepted(new KeyPrincipal(
                entry.keyId(),
                format.text(entry),
                shared.kind(),
                entry.owner().owner(),
                entry.name(),
                scopes.of(shared.grant(), state),
                shared.options().mcp(),
                entry.end(),
                Freshness.CONFIRMED));
    }
}
