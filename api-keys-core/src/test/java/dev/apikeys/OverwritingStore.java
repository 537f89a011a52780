package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.StoredCredential;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A store that notes uses and MCP sessions by writing back a whole record that it read before, so that changes since then
 * are lost.
 *
 * <p>Thread-safe.
 */
final class OverwritingStore extends ForwardingStore {
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final Read read;
    private final Map<UUID, ApiKey> first = new ConcurrentHashMap<>();
    private final Map<UUID, ApiKey> written = new ConcurrentHashMap<>();
    private final Semaphore changes = new Semaphore(0);

    OverwritingStore(ApiKeyStore real, Read read) {
        super(real);
        this.read = read;
    }

    /** When the record was read that is written back. */
    enum Read {
        /** When the key was stored. */
        AT_FIRST,
        /** In the call, before a change by another thread. */
        BEFORE_THE_NEXT_CHANGE
    }

    @Override
    public void insert(NewKey key) {
        super.insert(key);
        first.put(key.key().id(), key.key());
        changes.drainPermits();
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        Optional<AppliedChange> applied = super.apply(change);
        changes.release(Integer.MAX_VALUE);
        return applied;
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        List<ApiKey> before =
                uses.stream().flatMap(use -> before(use.keyId()).stream()).toList();
        super.recordUses(uses);
        before.forEach(this::writeBack);
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        Optional<ApiKey> before = before(keyId);
        super.recordMcpSession(keyId, policyVersion);
        before.ifPresent(this::writeBack);
    }

    private Optional<ApiKey> before(UUID keyId) {
        if (read == Read.AT_FIRST) {
            return Optional.ofNullable(first.get(keyId));
        }
        Optional<ApiKey> unrevoked = super.find(keyId, KeyFilter.everything().unrevoked());
        if (unrevoked.isPresent()) {
            awaitChange();
        }
        return unrevoked;
    }

    private void awaitChange() {
        try {
            changes.tryAcquire(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeBack(ApiKey before) {
        super.find(before.id(), KeyFilter.everything())
                .filter(now -> now.version() != before.version())
                .ifPresent(now -> written.put(before.id(), before));
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        return super.find(id, within).map(key -> written.getOrDefault(id, key));
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        return super.findCredential(publicId)
                .map(found -> new StoredCredential(
                        found.publicId(),
                        found.hash(),
                        found.validUntil(),
                        written.getOrDefault(found.key().id(), found.key())));
    }
}
