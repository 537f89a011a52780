package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A real store whose answers come late now and then: what was read is held back before the node gets it, as by a long
 * collection of garbage or a slow network, which is the worst moment for it.
 */
record StallingStore(ApiKeyStore store, double likelihood, Duration longest) implements ApiKeyStore {
    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        ChangeFeed feed = store.openChangeFeed(timeout);
        return new ChangeFeed() {
            @Override
            public ChangeBatch read(FeedPosition last) {
                return late(feed.read(last));
            }

            @Override
            public Hint awaitHint(Duration atMost) {
                return feed.awaitHint(atMost);
            }

            @Override
            public void close() {
                feed.close();
            }
        };
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        return late(store.findCredential(publicId));
    }

    private <T> T late(T answer) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextDouble() < likelihood) {
            long until = System.nanoTime() + random.nextLong(longest.toNanos());
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }
        return answer;
    }

    @Override
    public void insert(NewKey key) {
        store.insert(key);
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        return store.find(id, within);
    }

    @Override
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        return store.list(filter, page);
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        return store.apply(change);
    }

    @Override
    public long ownerChanged(Owner selector) {
        return store.ownerChanged(selector);
    }

    @Override
    public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        return store.rehash(publicId, expected, replacement);
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        store.recordUses(uses);
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        store.recordMcpSession(keyId, policyVersion);
    }

    @Override
    public void appendAudit(Collection<AuditEntry> entries) {
        store.appendAudit(entries);
    }

    @Override
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        return store.audit(filter, page);
    }

    @Override
    public Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        return store.maintain(endedBefore, changedBefore, limit);
    }

    @Override
    public Housekeeping housekeeping() {
        return store.housekeeping();
    }
}
