package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reports of a host or another module about a key that was accepted. Reports about a key that is no longer cached are
 * counted and not audited.
 *
 * <p>Thread-safe.
 */
final class LaterReports {
    private final ApiKeyStore store;
    private final KeyCache cache;
    private final RejectionAudit audit;
    private final Counters counters;

    LaterReports(ApiKeyStore store, KeyCache cache, RejectionAudit audit, Counters counters) {
        this.store = store;
        this.cache = cache;
        this.audit = audit;
        this.counters = counters;
    }

    /** A request was rejected because its key is over its rate limit. */
    void rateLimited(KeyPrincipal principal, ClientRequest request) {
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(request, "request");
        counters.rejected(Rejection.RATE_LIMITED);
        CacheEntry entry = cached(principal);
        if (entry != null) {
            audit.note(entry, Rejection.RATE_LIMITED, request);
        }
    }

    /** A call of an agent was denied. */
    void mcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(reason, "reason");
        counters.mcpDenials.increment();
        CacheEntry entry = cached(principal);
        if (entry != null) {
            audit.noteMcpDenied(entry, reason, request);
        }
    }

    /** A session saw the present policy. Stored at most once for each cache entry. */
    void mcpSessionOpened(KeyPrincipal principal) {
        Objects.requireNonNull(principal, "principal");
        CacheEntry entry = cached(principal);
        long unseen = entry == null ? 0 : entry.unseenPolicy();
        if (entry != null && unseen > 0) {
            store.recordMcpSession(principal.keyId(), unseen);
            entry.notes().noteMcpSession();
        }
    }

    private @Nullable CacheEntry cached(KeyPrincipal principal) {
        PublicId id =
                PublicId.parse(principal.publicId(), 0, principal.publicId().length());
        return id == null ? null : cache.peek(id);
    }
}
