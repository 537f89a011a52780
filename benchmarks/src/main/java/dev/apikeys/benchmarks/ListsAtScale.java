package dev.apikeys.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeySearch;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What do lists, searches and trails cost in a database of millions of keys, with five times as many audit entries? Prints a
 * row of a Markdown table for each: median and 99th percentile of {@value #CALLS} calls one after another, or of what five
 * seconds are enough for.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar dev.apikeys.benchmarks.ListsAtScale <JDBC URL> <user> <password>}. The
 * database has been filled by {@code benchmarks/lists-at-scale/load.sh}, which takes 14 minutes and 48 GB
 * for ten million keys in PostgreSQL.
 */
public final class ListsAtScale {
    private static final int CALLS = 100;
    private static final int WARM_UPS = 10;
    /** What is slower than goals is not called a hundred times. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private static final PageRequest FIRST = PageRequest.first(20);

    private final JdbiApiKeyStore store;
    private final Instant now = Instant.now();
    private final Map<String, Supplier<Page<?>>> lists = new LinkedHashMap<>();

    private ListsAtScale(JdbiApiKeyStore store) {
        this.store = store;
    }

    /** Measures the database of a JDBC URL, with a user and a password. */
    public static void main(String[] arguments) {
        try (HikariDataSource pool = LargeDatabase.pool(arguments)) {
            JdbiApiKeyStore.Builder builder =
                    JdbiApiKeyStore.builder(pool).expectSchema().statementTimeout(Duration.ofMinutes(1));
            JdbiApiKeyStore store = builder.build();
            boolean trigrams = store.keySearch() == KeySearch.ANYWHERE_FROM_THREE;
            new ListsAtScale(
                            trigrams
                                    ? store
                                    : builder.search(KeySearch.BEGINNING).build())
                    .measure();
        }
    }

    private void measure() {
        KeyFilter all = KeyFilter.everything();
        Page<ApiKey> newest = store.list(all, FIRST);
        addKeys("everything", all);
        addKeys("unrevoked, as administrators see them first", all.unrevoked());
        addKeys("one kind", all.kind(KeyKind.ORGANIZATION));
        addKeys("an owner with a few keys", ofOwner(newest));
        addKeys("an owner with 1 % of all keys, revoked", KeyFilter.ownedBy(KeyKind.PERSONAL, LargeDatabase.HOARDER));
        addKeys(
                "that owner's keys that work",
                KeyFilter.ownedBy(KeyKind.PERSONAL, LargeDatabase.HOARDER).liveAt(now));
        addKeys("an organization with one key", all.organization("org_one"));
        addKeys("an organization with 10 % of all keys", all.organization("org_big"));
        addKeys("concerning that organization", all.concerning("org_big"));
        addKeys("concerning nobody", all.concerning("nobody"));
        addKeys("a label", all.metadata(KeyOptions.LABEL, "crm"));
        addKeys("an entry of metadata", all.metadata("team", "team 7"));
        for (Status status : Status.values()) {
            addKeys("status " + status.name().toLowerCase(Locale.ROOT), all.status(status, now));
        }
        lists.put(
                "everything, 900,001st to 900,020th, by number",
                () -> store.list(all, new PageRequest(900_000, null, 20)));
        addSearches(all, newest);
        addTrails(newest);
        System.out.println("Searches look: " + store.keySearch() + ". Keys: about " + newest.total() + ".\n");
        System.out.println("| list | total | p50 ms | p99 ms |\n|---|---|---|---|");
        lists.forEach(ListsAtScale::print);
    }

    private static KeyFilter ofOwner(Page<ApiKey> newest) {
        ApiKey key = newest.items().get(0);
        return KeyFilter.ownedBy(key.kind(), key.owner());
    }

    private void addSearches(KeyFilter all, Page<ApiKey> newest) {
        ApiKey key = newest.items().get(10);
        addFirst("search: a name", all.search(key.name()));
        addFirst("search: what 10 % of all names begin with", all.search("billing"));
        addFirst(
                "search: a part of some names",
                all.search(key.name().substring(key.name().lastIndexOf(' ') - 4)));
        addFirst("search: a user's id", all.search(String.valueOf(key.owner().user())));
        addFirst("search: two characters", all.search("bi"));
        addFirst("search: beginning of a public id", all.search(key.publicId().substring(0, 8)));
        addFirst("search: nothing, of rare letters", all.search("zzqx jjw"));
        addFirst("search: nothing, of frequent letters", all.search("billing pipeline robot"));
        addFirst(
                "search: in the list of the owner with 1 %",
                KeyFilter.ownedBy(KeyKind.PERSONAL, LargeDatabase.HOARDER).search("zzqx"));
    }

    private void addTrails(Page<ApiKey> newest) {
        ApiKey key = newest.items().get(0);
        AuditFilter all = AuditFilter.everything();
        addTrail("audit: everything", all);
        addTrail("audit: a frequent event", all.event(AuditEvent.CREATED));
        addTrail("audit: a rare event", all.event(AuditEvent.ROTATED));
        addTrail("audit: an event that never was", all.event(AuditEvent.MCP_DENIED));
        addTrail("audit: an owner", AuditFilter.ownedBy(key.kind(), key.owner()));
        addTrail("audit: the owner with 1 %", AuditFilter.ownedBy(KeyKind.PERSONAL, LargeDatabase.HOARDER));
        addTrail("audit: a key", all.key(key.id()));
    }

    private void addFirst(String name, KeyFilter filter) {
        lists.put(name, () -> store.list(filter, FIRST));
    }

    /** The first page, and the one behind the middle of the year. */
    private void addKeys(String name, KeyFilter filter) {
        addFirst(name, filter);
        Position middle = middle();
        lists.put(name + ", keyset", () -> store.list(filter, PageRequest.after(middle, 20)));
    }

    private void addTrail(String name, AuditFilter filter) {
        lists.put(name, () -> store.audit(filter, FIRST));
        Position middle = middle();
        lists.put(name + ", keyset", () -> store.audit(filter, PageRequest.after(middle, 20)));
    }

    private Position middle() {
        return new Position(now.minusSeconds(15_000_000), new UUID(0, 0));
    }

    private static void print(String name, Supplier<Page<?>> list) {
        Page<?> page = list.get();
        long end = System.nanoTime() + LONGEST_NANOS;
        long[] nanos = new long[CALLS];
        for (int i = 0; i < WARM_UPS && System.nanoTime() < end; i++) {
            page = list.get();
        }
        int calls = 0;
        do {
            long began = System.nanoTime();
            page = list.get();
            nanos[calls++] = System.nanoTime() - began;
        } while (calls < CALLS && System.nanoTime() < end);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s%,d | %s |%n",
                name,
                page.isEstimated() ? "about " : "",
                page.total(),
                LargeDatabase.percentiles(nanos, calls));
    }
}
