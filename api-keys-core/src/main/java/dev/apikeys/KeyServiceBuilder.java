package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.FeedSource;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.NoticeListener;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.PasswordHashing;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link KeyService}. Each value is checked at once, and their combination in {@link #build()}.
 *
 * <p>Not thread-safe.
 */
public final class KeyServiceBuilder {
    private final ApiKeyStore store;
    private final List<Pepper> peppers = new ArrayList<>();
    private final List<ImportedHmacKey> importedHmacKeys = new ArrayList<>();
    private final List<KeyEventListener> listeners = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();

    private FeedSource changes;
    private @Nullable Pepper pepper;
    private @Nullable PasswordHashing passwordHashing;
    private TokenFormat format = TokenFormat.DEFAULT;
    private KeyPolicy policy = KeyPolicy.DEFAULT;
    private ScopePolicy scopePolicy = ScopePolicy.DEFAULT;
    private OwnerDirectory directory = OwnerDirectory.everyoneActive();
    private Duration ownerStateMaxAge = Duration.ofSeconds(10);
    private Duration usageInterval = Duration.ofSeconds(10);
    private Duration ownerDirectoryTimeout = Duration.ofSeconds(2);
    private Duration passwordHashingTimeout = Duration.ofSeconds(2);
    private CacheSettings cache = CacheSettings.DEFAULT;
    private Duration retention = Duration.ofDays(90);
    private ChoreSettings chores = ChoreSettings.NONE;
    private LeasePolicy leasePolicy = LeasePolicy.DEFAULT;
    private Clock clock = Clock.systemUTC();
    private LongSupplier ticker = System::nanoTime;

    KeyServiceBuilder(ApiKeyStore store) {
        this.store = Objects.requireNonNull(store, "store");
        this.changes = store::openChangeFeed;
    }

    /** The form of tokens; default {@link TokenFormat#DEFAULT}. */
    public KeyServiceBuilder tokenFormat(TokenFormat tokenFormat) {
        this.format = Objects.requireNonNull(tokenFormat, "tokenFormat");
        return this;
    }

    /** How long keys live, and how many an owner may have; default {@link KeyPolicy#DEFAULT}. */
    public KeyServiceBuilder policy(KeyPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Which scopes the modes stand for; default {@link ScopePolicy#DEFAULT}. */
    public KeyServiceBuilder scopePolicy(ScopePolicy scopePolicy) {
        this.scopePolicy = Objects.requireNonNull(scopePolicy, "scopePolicy");
        return this;
    }

    /**
     * Hashes secrets with HMAC-SHA-256 under this pepper; without a pepper it is SHA-256. Hashes of other schemes, and
     * of peppers from {@link #oldPepper}, stay valid. They are replaced when they are used.
     *
     * @throws IllegalArgumentException when another pepper has its id
     */
    public KeyServiceBuilder pepper(Pepper pepper) {
        Objects.requireNonNull(pepper, "pepper");
        this.pepper = add(pepper);
        return this;
    }

    /**
     * A pepper that some stored hashes still need.
     *
     * @throws IllegalArgumentException when another pepper has its id
     */
    public KeyServiceBuilder oldPepper(Pepper pepper) {
        Objects.requireNonNull(pepper, "pepper");
        add(pepper);
        return this;
    }

    /**
     * Checks the slow hashes of imported keys; without it no such key can be imported or verified. At most half of the
     * cores compute such hashes at once.
     */
    public KeyServiceBuilder passwordHashing(PasswordHashing passwordHashing) {
        this.passwordHashing = Objects.requireNonNull(passwordHashing, "passwordHashing");
        return this;
    }

    /**
     * The key with which another system made HMACs of its tokens, until no imported key needs it.
     *
     * @throws IllegalArgumentException when another one has its id
     */
    public KeyServiceBuilder importedHmacKey(ImportedHmacKey key) {
        Objects.requireNonNull(key, "key");
        if (importedHmacKeys.stream().anyMatch(other -> other.id().equals(key.id()))) {
            throw new IllegalArgumentException("two HMAC keys have the id " + key.id());
        }
        importedHmacKeys.add(key);
        return this;
    }

    /** The host's directory of owners; default {@link OwnerDirectory#everyoneActive()}. */
    public KeyServiceBuilder ownerDirectory(OwnerDirectory ownerDirectory) {
        this.directory = Objects.requireNonNull(ownerDirectory, "ownerDirectory");
        return this;
    }

    /**
     * How long an answer of the owner directory is used; default 10 s. Zero asks at every request.
     *
     * @throws IllegalArgumentException when it is negative or over an hour
     */
    public KeyServiceBuilder ownerStateMaxAge(Duration age) {
        Objects.requireNonNull(age, "age");
        this.ownerStateMaxAge = checked(age, Duration.ZERO, Duration.ofHours(1), "the owner state's age");
        return this;
    }

    /**
     * How often noted usage is written, at most once per key; default 10 s.
     *
     * @throws IllegalArgumentException unless it is 100 ms to an hour
     */
    public KeyServiceBuilder usageInterval(Duration interval) {
        Objects.requireNonNull(interval, "interval");
        this.usageInterval = checked(interval, Duration.ofMillis(100), Duration.ofHours(1), "the usage interval");
        return this;
    }

    /**
     * How many keys are kept in memory, at the most; default 100,000. Each takes some 200 bytes when it is there, and 4 to 8
     * bytes from the start. If there are more, those that are used least leave.
     *
     * @throws IllegalArgumentException unless it is 1 to 100,000,000
     */
    public KeyServiceBuilder cachedKeys(int keys) {
        this.cache = cache.holding(keys);
        return this;
    }

    /**
     * How many of the keys that were used last are loaded into the cache when the service starts; default none. They are
     * loaded in the background, one after the other with rests, for two minutes at the most, no more than
     * {@link #cachedKeys} of them. No request waits for it, and a key that is loaded so is as fresh as any other.
     *
     * @throws IllegalArgumentException unless it is 0 to 100,000
     */
    public KeyServiceBuilder warmUp(int keys) {
        this.cache = cache.beginningWith(keys);
        return this;
    }

    /**
     * The most look-ups of unknown keys per second, with a burst for five seconds; default 1,000. Above that rate, keys
     * that are not cached get a {@link StoreUnavailableException}. Cached keys keep working.
     *
     * @throws IllegalArgumentException unless it is 1 to 1,000,000
     */
    public KeyServiceBuilder missesPerSecond(int misses) {
        this.cache = cache.missing(misses);
        return this;
    }

    /**
     * How many keys may be looked up in the store at once; default 16. More wait, at most two seconds.
     *
     * @throws IllegalArgumentException unless it is 1 to 1,000
     */
    public KeyServiceBuilder concurrentLoads(int loads) {
        this.cache = cache.loadingAtOnce(loads);
        return this;
    }

    /**
     * How long a request waits for its turn to look a key up in the store, or for another request that looks up the same
     * key; default 2 s. After it, the answer is {@link StoreUnavailableException}.
     *
     * @throws IllegalArgumentException unless it is 1 ms to a minute
     */
    public KeyServiceBuilder loadTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        this.cache = cache.waiting(checkedTimeout(timeout, "the load time-out"));
        return this;
    }

    /**
     * How long a request waits for another request that asks the owner directory about the same owner; default 2 s. After
     * it, the answer is {@link OwnerDirectoryUnavailableException}. The directory itself has time-outs of its own.
     *
     * @throws IllegalArgumentException unless it is 1 ms to a minute
     */
    public KeyServiceBuilder ownerDirectoryTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        this.ownerDirectoryTimeout = checkedTimeout(timeout, "the owner directory's time-out");
        return this;
    }

    /**
     * How long a request with an imported key waits for its turn among those with the same key, and then for a core;
     * default 2 s each. After it, the answer is {@link StoreUnavailableException}.
     *
     * @throws IllegalArgumentException unless it is 1 ms to a minute
     */
    public KeyServiceBuilder passwordHashingTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        this.passwordHashingTimeout = checkedTimeout(timeout, "the password hashing time-out");
        return this;
    }

    /**
     * Gives notices about keys to the listener, by one node at a time: each at least once, and no notice again that the
     * store remembers; default none.
     */
    public KeyServiceBuilder notices(NoticePolicy policy, NoticeListener listener) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(listener, "listener");
        chores = chores.with(policy, listener);
        return this;
    }

    /**
     * What becomes of keys that nobody uses; default nothing. Reports go to the listener of {@link #notices}, if there is
     * one.
     */
    public KeyServiceBuilder idlePolicy(IdlePolicy policy) {
        chores = chores.with(Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /**
     * How long audit entries are kept, and where they go before they are removed; default for ever. The database user
     * then needs the right to {@code DELETE} on {@code api_key_audit}.
     *
     * @param export is given each batch before it is removed; when it throws, the batch stays
     * @throws IllegalArgumentException unless it is a day to a hundred years
     */
    public KeyServiceBuilder auditRetention(Duration retention, AuditExport export) {
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(export, "export");
        Duration kept = checked(retention, Duration.ofDays(1), Duration.ofDays(36_525), "the audit retention");
        chores = chores.with(kept, export);
        return this;
    }

    /**
     * How long revoked and expired keys stay in the lists; default 90 days. For the audit trail see
     * {@link #auditRetention}.
     *
     * @throws IllegalArgumentException unless it is an hour to ten years
     */
    public KeyServiceBuilder retention(Duration afterEnd) {
        Objects.requireNonNull(afterEnd, "afterEnd");
        this.retention = checked(afterEnd, Duration.ofHours(1), Duration.ofDays(3_653), "the retention");
        return this;
    }

    /** Where this node reads what other nodes changed; default the store. A relay spares the store most of the questions. */
    public KeyServiceBuilder changes(FeedSource source) {
        this.changes = Objects.requireNonNull(source, "source");
        return this;
    }

    /** How long this node uses what it has in memory; default {@link LeasePolicy#DEFAULT}. */
    public KeyServiceBuilder lease(LeasePolicy lease) {
        this.leasePolicy = Objects.requireNonNull(lease, "lease");
        return this;
    }

    /** Adds a listener for every change that this node makes. */
    public KeyServiceBuilder listener(KeyEventListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** The wall clock; default the system's. */
    public KeyServiceBuilder clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /** The elapsed time in nanoseconds, which never goes back; default {@link System#nanoTime()}. */
    public KeyServiceBuilder ticker(LongSupplier ticker) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        return this;
    }

    /**
     * Builds the service and starts its threads: one that writes what is noted, one that asks for changes, and one that
     * removes what ended long ago and checks what is cached.
     *
     * <p>Asks the store once, so that the service begins with a confirmed lease and the store's time. It doesn't fail
     * if the store can't be reached, so that an application can start during an outage and recover with the store.
     * Until then each verification of a well-formed token throws a {@link StoreUnavailableException}. It is never a
     * rejection.
     *
     * @throws IllegalStateException when a step of the idle policy could come before a use is written, or a relay's answers
     *     are too old for the {@linkplain #lease lease}
     */
    public KeyService build() {
        chores.requireUsesKnownWithin(leasePolicy.bound().plus(usageInterval));
        Counters counters = new Counters();
        Lease lease = new Lease(leasePolicy, ticker, clock);
        TimeOrderedIds auditIds = new TimeOrderedIds(random, lease::nowMillis);
        Fingerprints fingerprints = new Fingerprints(random, format.secretLength());
        SecretHasher hasher = new SecretHasher(pepper, peppers);
        FastHashes hashes = new FastHashes(hasher, new ImportedHashes(hasher, importedHmacKeys));
        SlowSecretCheck slowHashes = new SlowSecretCheck(passwordHashing, passwordHashingTimeout);
        WriteBehind writeBehind = new WriteBehind(store, counters);
        LocalState state = localState(lease, fingerprints, counters);
        Poller poller = new Poller(changes, leasePolicy, state, counters);
        RejectionAudit audit = new RejectionAudit(writeBehind, auditIds, lease);
        SecretCheck secrets =
                new SecretCheck(format, hashes, fingerprints, slowHashes, new OutdatedHashes(writeBehind, lease));
        Answers answers = new Answers(format, scopePolicy, writeBehind, audit, counters);
        CredentialMint mint = new CredentialMint(format, hashes, slowHashes, random);
        KeyOperations operations = operations(
                state, mint, new Stamps(lease, auditIds), new LaterReports(store, state.cache(), audit, counters));
        Chores due = new Chores(chores, store.housekeeping(), operations.changes(), writeBehind, lease);
        Upkeep upkeep = new Upkeep(
                poller,
                writeBehind,
                new Maintenance(store, lease, retention),
                new CacheUpkeep(new WarmUp(cache, store, state), new CachedKeyCheck(store, state.cache(), format)),
                due);
        KeyService service = new KeyService(new ServiceParts(
                store,
                new ServiceSettings(format, policy, leasePolicy),
                state,
                new Verifier(state, secrets, poller, answers),
                operations,
                new CleanUp(store, operations.revocations(), due),
                upkeep,
                counters));
        upkeep.start(usageInterval);
        return service;
    }

    private LocalState localState(Lease lease, Fingerprints fingerprints, Counters counters) {
        OwnerStates owners = new OwnerStates(directory, ownerStateMaxAge, lease::moment, ownerDirectoryTimeout);
        EntryLoader loader = new EntryLoader(store, format, owners, lease, counters);
        return new LocalState(
                new ImportedIds(format, random),
                new KeyCache(cache, loader, fingerprints.unmatchable(), ticker),
                owners,
                lease);
    }

    private KeyOperations operations(LocalState state, CredentialMint mint, Stamps stamps, LaterReports reports) {
        Grantability grants = new Grantability(scopePolicy, state.owners());
        ChangeCommitter committer = new ChangeCommitter(store, state.cache(), listeners);
        KeyChanges changes = new KeyChanges(store, new ChangeRules(grants, policy), mint, committer, stamps);
        KeyRecords records = new KeyRecords(policy);
        return new KeyOperations(
                new KeyIssuer(records, grants, mint, committer, stamps),
                new KeyTransfer(store, new ImportRecords(records, grants, mint, stamps, format), committer, stamps),
                changes,
                new Revocations(changes, state.lease(), leasePolicy),
                grants,
                reports);
    }

    private Pepper add(Pepper pepper) {
        Objects.requireNonNull(pepper, "pepper");
        if (peppers.stream().anyMatch(other -> other.id().equals(pepper.id()))) {
            throw new IllegalArgumentException("two peppers have the id " + pepper.id());
        }
        peppers.add(pepper);
        return pepper;
    }

    private static Duration checkedTimeout(Duration timeout, String what) {
        return checked(timeout, Duration.ofMillis(1), Duration.ofMinutes(1), what);
    }

    private static Duration checked(Duration value, Duration least, Duration most, String what) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " lies between " + least + " and " + most + ": " + value);
        }
        return value;
    }
}
