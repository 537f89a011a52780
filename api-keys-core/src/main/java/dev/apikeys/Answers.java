package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last step of a verification: answers, counts the answer, and notes a use or a rejection to be written later.
 *
 * <p>Thread-safe.
 */
final class Answers {
    private final RecentAnswers recent;
    private final WriteBehind writeBehind;
    private final RejectionAudit audit;
    private final Counters counters;
    private final Map<Rejection, Verification> rejected = new EnumMap<>(Rejection.class);

    Answers(
            TokenFormat format,
            ScopePolicy scopePolicy,
            WriteBehind writeBehind,
            RejectionAudit audit,
            Counters counters) {
        this.recent = new RecentAnswers(format, scopePolicy);
        this.writeBehind = writeBehind;
        this.audit = audit;
        this.counters = counters;
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new Verification.Rejected(reason));
        }
    }

    /**
     * Accepts a key, for an owner in this state.
     *
     * @param nanos elapsed time
     */
    Verification accept(CacheEntry entry, OwnerDirectory.State owner, Freshness freshness, long nanos) {
        counters.accepted.increment();
        Verification.Accepted accepted = recent.of(entry, owner, nanos);
        if (freshness == Freshness.CONFIRMED) {
            return accepted;
        }
        counters.staleAccepts.increment();
        return new Verification.Accepted(accepted.principal().withinGrace());
    }

    /** Notes the use of a key that is accepted. */
    void noteUse(CacheEntry entry, long nowMillis, @Nullable String address) {
        writeBehind.noteUse(entry, nowMillis, address);
    }

    /** Rejects a token, and audits that if the token names a key. */
    Verification reject(CacheEntry entry, Rejection reason, ClientRequest request) {
        audit.note(entry, reason, request);
        return reject(reason);
    }

    /** Rejects a text that names no key. */
    Verification reject(Rejection reason) {
        counters.rejected(reason);
        return Objects.requireNonNull(rejected.get(reason));
    }
}
