package dev.apikeys.spi;

import dev.apikeys.AuditEntry;
import dev.apikeys.PageRequest;
import dev.apikeys.PageRequest.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of a store for the work that a service does by itself: which node does it, which notices were given, and the end
 * of the audit trail. Every method is one transaction, as those of {@link ApiKeyStore}.
 *
 * <p>Implementations must be thread-safe.
 */
public interface Housekeeping {
    /** The longest time for which a node may take a task. A store that shows a longer one was told a wrong time. */
    Duration LONGEST_HOLD = Duration.ofHours(1);

    /**
     * Lets this node, and no other, do a task for a while. The node that does it may call again to go on; {@code until}
     * not after {@code now} ends it. Another node gets the task when the time of the first is over, or seems to be over
     * later than {@link #LONGEST_HOLD} from now: a clock was wrong when the task was taken.
     *
     * @param task its name, at most 40 ASCII characters
     * @return false if another node does it
     */
    boolean hold(String task, UUID node, Instant now, Instant until);

    /**
     * A part of a walk through the keys that match the query and lack its notice: newest first, or those that expire last if
     * the notice is about that. It is short: the walk may be long, and mostly finds that all notices were given.
     *
     * @param after the {@linkplain DueKeys#end() end} of the part before, or null for the first part
     * @param limit the most keys to look at, 1 to {@value PageRequest#MAX_LIMIT}
     */
    DueKeys withoutNotice(NoticeQuery query, @Nullable Position after, int limit);

    /** Remembers that a notice was given. One that is remembered already stays as it is. */
    void remember(GivenNotice notice);

    /**
     * The oldest audit entries from before an instant, oldest first, without the latest of them: nodes recognise the
     * history of a store by it.
     *
     * @param limit the most entries to give
     */
    List<AuditEntry> oldestAudit(Instant before, int limit);

    /**
     * Removes audit entries. Those that are gone already change nothing. Without entries it only checks that some might be
     * removed, and fails if they might not.
     */
    void removeAudit(Collection<AuditEntry> entries);

    /**
     * As {@link #oldestAudit(Instant, int)}, from an instant on: a walk that removed what is older need not find its way past
     * it again.
     *
     * <p>The default begins with the oldest of all.
     */
    default List<AuditEntry> oldestAudit(Instant from, Instant before, int limit) {
        Objects.requireNonNull(from, "from");
        return oldestAudit(before, limit);
    }

    /**
     * Removes the oldest audit entries from before an instant unread, without the latest of them, as in
     * {@link #oldestAudit(Instant, int)}.
     *
     * <p>The default reads them.
     *
     * @param from nothing older is looked at: where the step before {@linkplain AuditRemoval#reached() came to}
     * @param limit about the most entries to remove
     */
    default AuditRemoval removeOldestAudit(Instant from, Instant before, int limit) {
        List<AuditEntry> oldest = oldestAudit(from, before, limit);
        if (oldest.isEmpty()) {
            return new AuditRemoval(0, from);
        }
        removeAudit(oldest);
        return new AuditRemoval(oldest.size(), oldest.get(oldest.size() - 1).at());
    }

    /**
     * A part of a walk through the latest uses of all keys that are not revoked. It is short: the walk may be long.
     *
     * <p>The default knows of no use.
     *
     * @param after the {@linkplain LatestUses#end() end} of the part before, or null for the first part
     * @param since uses at this instant or before are left out
     * @param limit the most uses to look at
     */
    default LatestUses latestUses(@Nullable UUID after, Instant since, int limit) {
        Objects.requireNonNull(since, "since");
        return LatestUses.NONE;
    }
}
