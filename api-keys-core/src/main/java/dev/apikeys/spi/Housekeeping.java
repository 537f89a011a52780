package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.PageRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The part of a store for the work that a service does by itself: which node does it, which notices were given, and the end
 * of the audit trail. Every method is one transaction, as those of {@link ApiKeyStore}.
 *
 * <p>Implementations must be thread-safe.
 */
public interface Housekeeping {
    /**
     * Lets this node, and no other, do a task for a while. The node that does it may call again to go on; {@code until}
     * not after {@code now} ends it. Another node gets the task when the time of the first is over.
     *
     * @param task its name, at most 40 ASCII characters
     * @return false if another node does it
     */
    boolean hold(String task, UUID node, Instant now, Instant until);

    /** One page of the keys that match the query and lack its notice, newest first. */
    List<ApiKey> withoutNotice(NoticeQuery query, PageRequest page);

    /** Remembers that a notice was given. One that is remembered already stays as it is. */
    void remember(GivenNotice notice);

    /**
     * The oldest audit entries from before an instant, oldest first, without the latest of them: nodes recognise the
     * history of a store by it.
     *
     * @param limit the most entries to give
     */
    List<AuditEntry> oldestAudit(Instant before, int limit);

    /** Removes audit entries. Those that are gone already change nothing. */
    void removeAudit(Collection<AuditEntry> entries);
}
