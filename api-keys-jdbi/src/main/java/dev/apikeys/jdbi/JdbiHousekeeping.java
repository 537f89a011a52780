package dev.apikeys.jdbi;

import dev.apikeys.AuditEntry;
import dev.apikeys.PageRequest;
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
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The tables for the work of services.
 *
 * <p>Thread-safe.
 */
final class JdbiHousekeeping implements Housekeeping {
    private final Supplier<Transactions> transactions;
    private final Supplier<TextSearch> search;

    /** Asks for the transactions at each call: the database may not be reached yet. */
    JdbiHousekeeping(Supplier<Transactions> transactions, Supplier<TextSearch> search) {
        this.transactions = transactions;
        this.search = search;
    }

    @Override
    public boolean hold(String task, UUID node, Instant now, Instant until) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(until, "until");
        return transactions.get().change("take a task", handle -> isTaken(handle, task, node, now, until));
    }

    /** Two nodes that insert the row at once are told apart by its key: the later one is run again. */
    private static boolean isTaken(Handle handle, String task, UUID node, Instant now, Instant until) {
        int updated = handle.execute(
                "UPDATE api_key_task SET node = ?, held_until = ? WHERE task = ?"
                        + " AND (node = ? OR held_until <= ? OR held_until > ?)",
                node.toString(),
                until.toEpochMilli(),
                task,
                node.toString(),
                now.toEpochMilli(),
                now.plus(LONGEST_HOLD).toEpochMilli());
        if (updated > 0) {
            return true;
        }
        boolean exists = handle.select("SELECT COUNT(*) FROM api_key_task WHERE task = ?", task)
                        .mapTo(Long.class)
                        .one()
                > 0;
        return !exists
                && handle.execute(
                                "INSERT INTO api_key_task (task, node, held_until) VALUES (?, ?, ?)",
                                task,
                                node.toString(),
                                until.toEpochMilli())
                        == 1;
    }

    @Override
    public DueKeys withoutNotice(NoticeQuery query, @Nullable Position after, int limit) {
        Objects.requireNonNull(query, "query");
        PageRequest first = PageRequest.first(limit);
        return transactions
                .get()
                .read(
                        "look for keys to give notice of",
                        handle -> new NoticeSearch(query, search.get()).part(handle, after, first));
    }

    @Override
    public void remember(GivenNotice notice) {
        Objects.requireNonNull(notice, "notice");
        transactions.get().carryOut("remember a notice", handle -> insert(handle, notice));
    }

    private static void insert(Handle handle, GivenNotice notice) {
        String keyId = notice.keyId().toString();
        long about = notice.about().toEpochMilli();
        boolean exists = handle.select(
                                "SELECT COUNT(*) FROM api_key_notice WHERE key_id = ? AND notice = ? AND about = ?",
                                keyId,
                                notice.notice(),
                                about)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!exists) {
            handle.execute(
                    "INSERT INTO api_key_notice (key_id, notice, about, given_at) VALUES (?, ?, ?, ?)",
                    keyId,
                    notice.notice(),
                    about,
                    notice.at().toEpochMilli());
        }
    }

    @Override
    public List<AuditEntry> oldestAudit(Instant before, int limit) {
        return oldestAudit(Instant.EPOCH, before, limit);
    }

    @Override
    public List<AuditEntry> oldestAudit(Instant from, Instant before, int limit) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(before, "before");
        return transactions
                .get()
                .read("read the end of the audit trail", handle -> AuditTrail.oldest(handle, from, before, limit));
    }

    @Override
    public AuditRemoval removeOldestAudit(Instant from, Instant before, int limit) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(before, "before");
        return transactions
                .get()
                .change("cut the audit trail", handle -> AuditTrail.removeOldest(handle, from, before, limit));
    }

    @Override
    public LatestUses latestUses(@Nullable UUID after, Instant since, int limit) {
        Objects.requireNonNull(since, "since");
        return transactions.get().read("look for keys in use", handle -> Usage.latest(handle, after, since, limit));
    }

    @Override
    public void removeAudit(Collection<AuditEntry> entries) {
        Objects.requireNonNull(entries, "entries");
        List<AuditEntry> batch = List.copyOf(entries);
        transactions.get().carryOut("remove audit entries", handle -> AuditTrail.remove(handle, batch));
    }
}
