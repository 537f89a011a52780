package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeFeed;
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

/** Another store, with only those of its methods for which the interface has no default. Thread-safe if the other is. */
class MinimalStore implements ApiKeyStore {
    private final ApiKeyStore real;

    MinimalStore(ApiKeyStore real) {
        this.real = real;
    }

    @Override
    public void insert(NewKey key) {
        real.insert(key);
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        return real.findCredential(publicId);
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        return real.find(id, within);
    }

    @Override
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        return real.list(filter, page);
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        return real.apply(change);
    }

    @Override
    public long ownerChanged(Owner selector) {
        return real.ownerChanged(selector);
    }

    @Override
    public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        return real.rehash(publicId, expected, replacement);
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        real.recordUses(uses);
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        real.recordMcpSession(keyId, policyVersion);
    }

    @Override
    public void appendAudit(Collection<AuditEntry> entries) {
        real.appendAudit(entries);
    }

    @Override
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        return real.audit(filter, page);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        return real.openChangeFeed(timeout);
    }

    @Override
    public Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        return real.maintain(endedBefore, changedBefore, limit);
    }

    @Override
    public Housekeeping housekeeping() {
        return real.housekeeping();
    }
}
