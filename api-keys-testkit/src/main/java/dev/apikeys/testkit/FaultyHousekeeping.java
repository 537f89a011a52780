package dev.apikeys.testkit;

import dev.apikeys.AuditEntry;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.spi.AuditRemoval;
import dev.apikeys.spi.DueKeys;
import dev.apikeys.spi.GivenNotice;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.LatestUses;
import dev.apikeys.spi.NoticeQuery;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The housekeeping of a {@link FaultyStore}. Thread-safe. */
final class FaultyHousekeeping implements Housekeeping {
    private final StoreFaults faults;
    private final Supplier<Housekeeping> real;

    FaultyHousekeeping(StoreFaults faults, Supplier<Housekeeping> real) {
        this.faults = faults;
        this.real = real;
    }

    @Override
    public boolean hold(String task, UUID node, Instant now, Instant until) {
        return faults.get(StoreCall.HOLD_TASK, () -> real.get().hold(task, node, now, until), task, node, now, until);
    }

    @Override
    public DueKeys withoutNotice(NoticeQuery query, @Nullable Position after, int limit) {
        return faults.get(
                StoreCall.FIND_WITHOUT_NOTICE, () -> real.get().withoutNotice(query, after, limit), query, limit);
    }

    @Override
    public void remember(GivenNotice notice) {
        faults.run(StoreCall.REMEMBER_NOTICE, () -> real.get().remember(notice), notice);
    }

    @Override
    public List<AuditEntry> oldestAudit(Instant before, int limit) {
        return faults.get(StoreCall.OLDEST_AUDIT, () -> real.get().oldestAudit(before, limit), before, limit);
    }

    @Override
    public List<AuditEntry> oldestAudit(Instant from, Instant before, int limit) {
        return faults.get(
                StoreCall.OLDEST_AUDIT, () -> real.get().oldestAudit(from, before, limit), from, before, limit);
    }

    @Override
    public AuditRemoval removeOldestAudit(Instant from, Instant before, int limit) {
        return faults.get(
                StoreCall.REMOVE_OLDEST_AUDIT,
                () -> real.get().removeOldestAudit(from, before, limit),
                from,
                before,
                limit);
    }

    @Override
    public LatestUses latestUses(@Nullable UUID after, Instant since, int limit) {
        return faults.get(StoreCall.LATEST_USES, () -> real.get().latestUses(after, since, limit), after, since, limit);
    }

    @Override
    public void removeAudit(Collection<AuditEntry> entries) {
        faults.run(StoreCall.REMOVE_AUDIT, () -> real.get().removeAudit(entries), entries);
    }
}
