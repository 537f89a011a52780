package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.spi.DueKeys;
import dev.apikeys.spi.GivenNotice;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.LatestUses;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of the store in memory for the work of services.
 *
 * <p>Thread-safe; every method runs under the lock of the store.
 */
final class InMemoryHousekeeping implements Housekeeping {
    private static final Comparator<Position> LATEST_FIRST = Comparator.comparing(Position::at)
            .thenComparing(place -> place.id().toString())
            .reversed();

    private final Object lock;
    private final Collection<ApiKey> keys;
    private final List<AuditEntry> trail;
    private final Map<String, Holder> holders = new HashMap<>();
    private final Map<Told, Instant> told = new HashMap<>();

    InMemoryHousekeeping(Object lock, Collection<ApiKey> keys, List<AuditEntry> trail) {
        this.lock = lock;
        this.keys = keys;
        this.trail = trail;
    }

    private record Holder(UUID node, Instant until) {
        boolean holdsAt(Instant now) {
            return until.isAfter(now) && !until.isAfter(now.plus(LONGEST_HOLD));
        }
    }

    private record Told(UUID keyId, String notice, Instant about) {}

    @Override
    public boolean hold(String task, UUID node, Instant now, Instant until) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(until, "until");
        synchronized (lock) {
            Holder holder = holders.get(task);
            if (holder != null && !holder.node().equals(node) && holder.holdsAt(now)) {
                return false;
            }
            holders.put(task, new Holder(node, until));
            return true;
        }
    }

    @Override
    public DueKeys withoutNotice(NoticeQuery query, @Nullable Position after, int limit) {
        Objects.requireNonNull(query, "query");
        int most = PageRequest.first(limit).limit();
        synchronized (lock) {
            List<ApiKey> found = keys.stream()
                    .filter(query.filter()::matches)
                    .filter(key -> isDue(query, key))
                    .filter(key -> after == null || LATEST_FIRST.compare(place(query, key), after) > 0)
                    .sorted(Comparator.comparing(key -> place(query, key), LATEST_FIRST))
                    .limit(most)
                    .toList();
            return new DueKeys(found, found.size() < most ? null : place(query, found.get(most - 1)));
        }
    }

    private static Position place(NoticeQuery query, ApiKey key) {
        Instant expiry = query.about() == About.EXPIRY ? key.expiresAt() : null;
        return new Position(expiry == null ? key.createdAt() : expiry, key.id());
    }

    private boolean isDue(NoticeQuery query, ApiKey key) {
        Instant about = query.about().of(key);
        if (about == null || told.containsKey(new Told(key.id(), query.notice(), about))) {
            return false;
        }
        NoticeQuery.Earlier earlier = query.earlier();
        if (earlier == null) {
            return true;
        }
        Instant at = told.get(new Told(key.id(), earlier.notice(), about));
        return at != null && at.isBefore(earlier.before());
    }

    @Override
    public void remember(GivenNotice notice) {
        Objects.requireNonNull(notice, "notice");
        synchronized (lock) {
            told.putIfAbsent(new Told(notice.keyId(), notice.notice(), notice.about()), notice.at());
        }
    }

    @Override
    public List<AuditEntry> oldestAudit(Instant before, int limit) {
        Objects.requireNonNull(before, "before");
        synchronized (lock) {
            List<AuditEntry> old = trail.stream()
                    .filter(entry -> entry.at().isBefore(before))
                    .sorted(Comparator.comparing(AuditEntry::at)
                            .thenComparing(entry -> entry.id().toString()))
                    .toList();
            return old.subList(0, Math.max(0, Math.min(limit, old.size() - 1)));
        }
    }

    @Override
    public void removeAudit(Collection<AuditEntry> entries) {
        Objects.requireNonNull(entries, "entries");
        synchronized (lock) {
            Set<UUID> ids = entries.stream().map(AuditEntry::id).collect(Collectors.toSet());
            trail.removeIf(entry -> ids.contains(entry.id()));
        }
    }

    @Override
    public LatestUses latestUses(@Nullable UUID after, Instant since, int limit) {
        Objects.requireNonNull(since, "since");
        synchronized (lock) {
            List<ApiKey> part = keys.stream()
                    .filter(key -> key.lastUse() != null)
                    .filter(key -> after == null || key.id().toString().compareTo(after.toString()) > 0)
                    .sorted(Comparator.comparing(key -> key.id().toString()))
                    .limit(limit)
                    .toList();
            List<LatestUses.Use> uses = new ArrayList<>();
            for (ApiKey key : part) {
                LastUse use = key.lastUse();
                if (use != null && use.at().isAfter(since) && key.revocation() == null) {
                    uses.add(new LatestUses.Use(key.publicId(), use.at()));
                }
            }
            return new LatestUses(
                    uses, part.size() < limit ? null : part.get(limit - 1).id());
        }
    }

    /** Forgets what is known of keys that are gone. */
    void forget(Collection<UUID> gone) {
        Set<UUID> ids = new HashSet<>(gone);
        told.keySet().removeIf(one -> ids.contains(one.keyId()));
    }
}
