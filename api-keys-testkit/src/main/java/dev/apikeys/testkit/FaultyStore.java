package dev.apikeys.testkit;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.ExportedKey;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real store whose calls are counted. A test can make a call fail, wait or give another answer, before or after the
 * store does its work. Use it to test an application while its database is slow, broken or away.
 *
 * <pre>{@code
 * FaultyStore store = new FaultyStore();
 * KeyService keys = KeyService.builder(store).build();
 * store.failBefore(StoreCall.INSERT, new StoreUnavailableException("no connection"));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class FaultyStore implements ApiKeyStore {
    private volatile ApiKeyStore real;
    private final StoreFaults faults = new StoreFaults();
    private volatile UnaryOperator<ChangeBatch> batches = UnaryOperator.identity();
    private volatile @Nullable Function<Duration, ChangeFeed.Hint> hints;

    /** An in-memory store, at first without faults. */
    public FaultyStore() {
        this(new InMemoryApiKeyStore());
    }

    /**
     * A store, at first without faults.
     *
     * @param real the store that does the work; several faulty stores on one real store simulate several nodes
     */
    public FaultyStore(ApiKeyStore real) {
        Objects.requireNonNull(real, "real");
        this.real = real;
    }

    /** From now on every call fails; {@link #heal()} ends it. */
    public void cutOff() {
        failWith(new StoreUnavailableException("cut off by the test"));
    }

    /** From now on every call but {@link StoreCall#CLOSE_FEED} throws this; {@link #heal()} ends it. */
    public void failWith(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        faults.outage(failure);
    }

    /** From now on the call throws this and does no work. */
    public void failBefore(StoreCall call, Throwable failure) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(failure, "failure");
        faults.before(call, arguments -> StoreFaults.raise(failure));
    }

    /** From now on the call does its work and then throws this. */
    public void failAfter(StoreCall call, Throwable failure) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(failure, "failure");
        faults.after(call, arguments -> StoreFaults.raise(failure));
    }

    /** From now on the call does no work and gives this answer. */
    public void answer(StoreCall call, @Nullable Object answer) {
        Objects.requireNonNull(call, "call");
        faults.answer(call, answer);
    }

    /** From now on the step runs before the call does its work; it is given the call's arguments. */
    public void before(StoreCall call, Consumer<@Nullable Object[]> step) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(step, "step");
        faults.before(call, step);
    }

    /** From now on the step runs after the call has done its work and before it returns. */
    public void after(StoreCall call, Consumer<@Nullable Object[]> step) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(step, "step");
        faults.after(call, step);
    }

    /** Holds the call before it does its work, until the gate is opened. */
    public Gate holdBefore(StoreCall call) {
        Objects.requireNonNull(call, "call");
        Gate gate = new Gate();
        before(call, arguments -> gate.pass());
        return gate;
    }

    /** Holds the call when it has done its work, until the gate is opened. */
    public Gate holdAfter(StoreCall call) {
        Objects.requireNonNull(call, "call");
        Gate gate = new Gate();
        after(call, arguments -> gate.pass());
        return gate;
    }

    /** From now on this function changes each batch of a change feed. */
    public void changeBatches(UnaryOperator<ChangeBatch> change) {
        Objects.requireNonNull(change, "change");
        batches = change;
    }

    /**
     * From now on this answers whoever waits for a hint of a change; it is given how long to wait. Nobody waits in an
     * in-memory store by itself. An outage, and a fault of {@link StoreCall#AWAIT_HINT}, come first.
     */
    public void hints(Function<Duration, ChangeFeed.Hint> answers) {
        hints = Objects.requireNonNull(answers, "answers");
    }

    /**
     * From now on another store does the work, also for change feeds that are open: the database was restored from a backup,
     * or its address leads to another one.
     */
    public void replaceBy(ApiKeyStore other) {
        real = Objects.requireNonNull(other, "other");
    }

    /** Ends the faults of the call. */
    public void heal(StoreCall call) {
        Objects.requireNonNull(call, "call");
        faults.heal(call);
    }

    /** Ends all faults and outages. */
    public void heal() {
        faults.healAll();
        batches = UnaryOperator.identity();
        hints = null;
    }

    /** How often the call was made since {@link #forgetCalls()}. */
    public long calls(StoreCall call) {
        Objects.requireNonNull(call, "call");
        return faults.calls(call);
    }

    /** How often any call was made since {@link #forgetCalls()}, without those that {@linkplain StoreCall#comesByItself come by themselves}. */
    public long allCalls() {
        return faults.allCalls();
    }

    /** Sets all counts to zero. */
    public void forgetCalls() {
        faults.forgetCalls();
    }

    @Override
    public void insert(NewKey key) {
        Objects.requireNonNull(key, "key");
        faults.run(StoreCall.INSERT, () -> real.insert(key), key);
    }

    @Override
    public List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        return faults.get(StoreCall.IMPORT_KEYS, () -> real.importKeys(keys), keys);
    }

    @Override
    public List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        return faults.get(StoreCall.TRY_IMPORT, () -> real.tryImport(keys), keys);
    }

    @Override
    public List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(endedBefore, "endedBefore");
        return faults.get(StoreCall.EXPORT_KEYS, () -> real.exportKeys(page, endedBefore), page, endedBefore);
    }

    @Override
    public Map<String, Long> countHashes() {
        return faults.get(StoreCall.COUNT_HASHES, real::countHashes);
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        Objects.requireNonNull(publicId, "publicId");
        return faults.get(StoreCall.FIND_CREDENTIAL, () -> real.findCredential(publicId), publicId);
    }

    @Override
    public Set<String> findMissing(Collection<String> publicIds) {
        return faults.get(StoreCall.FIND_MISSING, () -> real.findMissing(publicIds), publicIds);
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(within, "within");
        return faults.get(StoreCall.FIND, () -> real.find(id, within), id, within);
    }

    @Override
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        return faults.get(StoreCall.LIST, () -> real.list(filter, page), filter, page);
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        Objects.requireNonNull(change, "change");
        return faults.get(StoreCall.APPLY, () -> real.apply(change), change);
    }

    @Override
    public long ownerChanged(Owner selector) {
        Objects.requireNonNull(selector, "selector");
        return faults.get(StoreCall.OWNER_CHANGED, () -> real.ownerChanged(selector), selector);
    }

    @Override
    public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(replacement, "replacement");
        return faults.get(
                StoreCall.REHASH, () -> real.rehash(publicId, expected, replacement), publicId, expected, replacement);
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        Objects.requireNonNull(uses, "uses");
        faults.run(StoreCall.RECORD_USES, () -> real.recordUses(uses), uses);
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        Objects.requireNonNull(keyId, "keyId");
        faults.run(
                StoreCall.RECORD_MCP_SESSION, () -> real.recordMcpSession(keyId, policyVersion), keyId, policyVersion);
    }

    @Override
    public void appendAudit(Collection<AuditEntry> entries) {
        Objects.requireNonNull(entries, "entries");
        faults.run(StoreCall.APPEND_AUDIT, () -> real.appendAudit(entries), entries);
    }

    @Override
    public KeySearch keySearch() {
        return real.keySearch();
    }

    @Override
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        return faults.get(StoreCall.AUDIT, () -> real.audit(filter, page), filter, page);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        ApiKeyStore store = real;
        ChangeFeed feed = faults.get(StoreCall.OPEN_FEED, () -> store.openChangeFeed(timeout), timeout);
        return new FaultyFeed(store, timeout, Objects.requireNonNull(feed, "the feed"));
    }

    @Override
    public Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        Objects.requireNonNull(changedBefore, "changedBefore");
        return faults.get(
                StoreCall.MAINTAIN,
                () -> real.maintain(endedBefore, changedBefore, limit),
                endedBefore,
                changedBefore,
                limit);
    }

    @Override
    public Housekeeping housekeeping() {
        return new FaultyHousekeeping(faults, () -> real.housekeeping());
    }

    private final class FaultyFeed implements ChangeFeed {
        private final Duration timeout;
        private ApiKeyStore store;
        private volatile ChangeFeed feed;

        FaultyFeed(ApiKeyStore store, Duration timeout, ChangeFeed feed) {
            this.store = store;
            this.timeout = timeout;
            this.feed = feed;
        }

        @Override
        public ChangeBatch read(@Nullable FeedPosition last) {
            return batches.apply(
                    faults.get(StoreCall.READ_FEED, () -> feedInPlace().read(last), last));
        }

        @Override
        public Hint awaitHint(Duration atMost) {
            Objects.requireNonNull(atMost, "atMost");
            return faults.get(StoreCall.AWAIT_HINT, () -> hint(atMost), atMost);
        }

        private Hint hint(Duration atMost) {
            Function<Duration, Hint> answers = hints;
            return answers == null ? feedInPlace().awaitHint(atMost) : answers.apply(atMost);
        }

        @Override
        public void close() {
            faults.run(StoreCall.CLOSE_FEED, feed::close);
        }

        /** The feed of the store that is in place now; one thread reads a feed. */
        @SuppressWarnings("ReferenceEquality") // The very object counts.
        private ChangeFeed feedInPlace() {
            ApiKeyStore inPlace = real;
            if (store != inPlace) {
                feed.close();
                feed = inPlace.openChangeFeed(timeout);
                store = inPlace;
            }
            return feed;
        }
    }
}
