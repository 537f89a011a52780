package dev.apikeys.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What does a service cost on a database of millions of keys: to issue and revoke, for others and for an owner of a hundred
 * thousand revoked keys, to list that owner's keys, and to start? Prints a row of a Markdown table for each.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar dev.apikeys.benchmarks.ServiceAtScale <JDBC URL> <user> <password>}. The
 * database has been filled by {@code benchmarks/lists-at-scale/load.sh}. It is left with a thousand more revoked keys, so measure
 * {@link ListsAtScale} before.
 */
public final class ServiceAtScale {
    private static final int CALLS = 300;
    /** More than any owner of the database has. */
    private static final int ACTIVE_KEYS = 100;

    private static final int WARM_UPS = 200;
    private static final int STARTS = 20;
    private static final int WARM_KEYS = 100_000;
    /** A little longer than a service takes for it at the most. */
    private static final long LONGEST_WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(130);

    private static final long LOOK_MILLIS = 100;

    private static final Actor ADMINISTRATOR = Actor.of("benchmark");

    private final HikariDataSource pool;

    private ServiceAtScale(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Measures the database of a JDBC URL, with a user and a password. */
    public static void main(String[] arguments) throws InterruptedException {
        try (HikariDataSource pool = LargeDatabase.pool(arguments)) {
            ServiceAtScale scale = new ServiceAtScale(pool);
            System.out.println("| what | p50 ms | p99 ms |\n|---|---|---|");
            scale.calls();
            scale.starts(0);
            scale.starts(WARM_KEYS);
            scale.warmUp();
        }
    }

    private KeyService service(int warmUp) {
        return KeyService.builder(JdbiApiKeyStore.create(pool))
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, ACTIVE_KEYS))
                .warmUp(warmUp)
                .build();
    }

    /** In turns, so that what else the machine does is in both. */
    private void calls() {
        long[] issues = new long[CALLS];
        long[] revocations = new long[CALLS];
        long[] issuesOfHoarder = new long[CALLS];
        long[] revocationsOfHoarder = new long[CALLS];
        long[] lists = new long[CALLS];
        try (KeyService service = service(0)) {
            for (int i = -WARM_UPS; i < CALLS; i++) {
                int at = Math.max(0, i);
                issueAndRevoke(service, spec(Owner.user("few" + at, "org_few")), issues, revocations, at);
                issueAndRevoke(service, spec(LargeDatabase.HOARDER), issuesOfHoarder, revocationsOfHoarder, at);
                KeyFilter all = KeyFilter.ownedBy(KeyKind.PERSONAL, LargeDatabase.HOARDER);
                timed(lists, at, () -> service.list(all, PageRequest.first(20)));
            }
        }
        print("issue a key for an owner with few keys", issues);
        print("issue a key for the owner with 1 % of all keys, nearly all revoked", issuesOfHoarder);
        print("revoke a key of an owner with few keys", revocations);
        print("revoke a key of the owner with 1 % of all keys", revocationsOfHoarder);
        print("first page of all keys of that owner", lists);
    }

    private static void issueAndRevoke(KeyService service, KeySpec spec, long[] issues, long[] revocations, int at) {
        IssuedKey issued = timed(issues, at, () -> service.issue(spec));
        timed(revocations, at, () -> service.revoke(KeyRef.of(issued.key().id()), ADMINISTRATOR, "benchmark"));
    }

    private static <T> T timed(long[] nanos, int at, Supplier<T> call) {
        long began = System.nanoTime();
        T result = call.get();
        nanos[at] = System.nanoTime() - began;
        return result;
    }

    /** Store and service included, on a pool whose connections are open. */
    private void starts(int warmUp) {
        IssuedKey issued;
        try (KeyService service = service(0)) {
            issued = service.issue(spec(Owner.user("starter", "org_starter")));
        }
        long[] nanos = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long began = System.nanoTime();
            try (KeyService service = service(warmUp)) {
                service.verify(issued.token().reveal()).orElseThrow();
                nanos[i] = System.nanoTime() - began;
            }
        }
        try (KeyService service = service(0)) {
            service.revoke(KeyRef.of(issued.key().id()), ADMINISTRATOR, "benchmark");
        }
        print(
                "start a service and verify a first key"
                        + (warmUp == 0 ? "" : String.format(Locale.ROOT, ", while %,d keys are loaded", warmUp)),
                nanos);
    }

    private void warmUp() throws InterruptedException {
        long began = System.nanoTime();
        long grew = began;
        long cached = 0;
        try (KeyService service = service(WARM_KEYS)) {
            while (cached < WARM_KEYS && System.nanoTime() - began < LONGEST_WARM_UP_NANOS) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                long now = service.stats().cachedKeys();
                if (now > cached) {
                    cached = now;
                    grew = System.nanoTime();
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%n%,d keys were loaded beforehand in %.1f s.%n",
                cached,
                (grew - began) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private static KeySpec spec(Owner owner) {
        return KeySpec.of(KeyKind.PERSONAL, owner).named("benchmark").mode(Mode.READ);
    }

    private static void print(String name, long[] nanos) {
        System.out.println("| " + name + " | " + LargeDatabase.percentiles(nanos, nanos.length) + " |");
    }
}
