package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.InMemoryTransfer.Credential;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests and demonstrations. It loses everything when the process ends. It is also the simplest
 * example of what a store promises.
 *
 * <p>Thread-safe; every method runs under one lock.
 */
public final class InMemoryApiKeyStore implements ApiKeyStore {
    private final Map<UUID, ApiKey> keys = new HashMap<>();
    private final Map<String, Credential> credentials = new HashMap<>();
    private final List<AuditEntry> trail = new ArrayList<>();
    private final InMemoryTransfer transfer = new InMemoryTransfer(keys, credentials, trail);
    private final Set<UUID> appended = new HashSet<>();
    private final InMemoryFeed feed = new InMemoryFeed(this, Clock.systemUTC());
    private final InMemoryHousekeeping housekeeping = new InMemoryHousekeeping(this, keys.values(), trail);

    /** An empty store. */
    public InMemoryApiKeyStore() {}

    @Override
    public synchronized void insert(NewKey added) {
        Objects.requireNonNull(added, "added");
        ApiKey key = added.key();
        if (keys.containsKey(key.id()) || credentials.containsKey(key.publicId())) {
            throw new DuplicateKeyException(key.id());
        }
        // Fewer keys than the owner alone may have break no limit, and filling a store takes no search for each of
        // them.
        if (keys.size() >= added.maxActive() || added.names() == NameRule.UNIQUE) {
            checkKeysOfOwner(added);
        }
        keys.put(key.id(), key);
        credentials.put(key.publicId(), new Credential(key.id(), added.hash(), null));
        trail.add(added.audit());
    }

    private void checkKeysOfOwner(NewKey added) {
        ApiKey key = added.key();
        List<ApiKey> active = keys.values().stream()
                .filter(other -> other.kind() == key.kind()
                        && other.owner().equals(key.owner())
                        && other.countsAt(key.createdAt()))
                .toList();
        if (active.size() >= added.maxActive()) {
            throw new KeyLimitExceededException(added.maxActive());
        }
        if (added.names() == NameRule.UNIQUE
                && active.stream().anyMatch(other -> other.name().equals(key.name()))) {
            throw new NameTakenException();
        }
    }

    @Override
    public synchronized List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        return transfer.importKeys(Objects.requireNonNull(keys, "keys"));
    }

    @Override
    public synchronized List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        return transfer.tryImport(Objects.requireNonNull(keys, "keys"));
    }

    @Override
    public synchronized List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(endedBefore, "endedBefore");
        return list(KeyFilter.everything(), page).items().stream()
                .map(key -> transfer.export(key, endedBefore))
                .toList();
    }

    @Override
    public synchronized Map<String, Long> countHashes() {
        return transfer.countHashes();
    }

    @Override
    public synchronized Optional<StoredCredential> findCredential(String publicId) {
        Objects.requireNonNull(publicId, "publicId");
        Credential credential = credentials.get(publicId);
        ApiKey key = credential == null ? null : keys.get(credential.keyId());
        return credential == null || key == null
                ? Optional.empty()
                : Optional.of(new StoredCredential(publicId, credential.hash(), credential.validUntil(), key));
    }

    @Override
    public synchronized Optional<ApiKey> find(UUID id, KeyFilter within) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(within, "within");
        return Optional.ofNullable(keys.get(id)).filter(within::matches);
    }

    @Override
    public synchronized Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        return InMemoryPages.ofKeys(
                keys.values().stream().filter(filter::matches).toList(), page);
    }

    @Override
    public synchronized Optional<AppliedChange> apply(KeyChange change) {
        Objects.requireNonNull(change, "change");
        ApiKey after = change.after();
        ApiKey stored = keys.get(after.id());
        if (stored == null || stored.version() != change.before().version()) {
            return Optional.empty();
        }
        KeyChange.Rotation rotation = change.rotation();
        if (rotation != null) {
            if (credentials.containsKey(after.publicId())) {
                throw new DuplicateKeyException(after.id());
            }
            String current = stored.publicId();
            credentials.replaceAll((publicId, credential) -> credential.keyId().equals(after.id())
                    ? credential.endingAt(
                            publicId.equals(current)
                                    ? rotation.oldValidUntil()
                                    : change.audit().at())
                    : credential);
            credentials.put(after.publicId(), new Credential(after.id(), rotation.hash(), null));
        }
        keys.put(
                after.id(),
                withNoted(
                        after,
                        stored.lastUse(),
                        after.mcpSessions().seen(stored.mcpSessions().seenVersion())));
        trail.add(change.audit());
        Set<String> outdated = publicIdsOf(after.id());
        long epoch = feed.raise(
                change.audit().at(),
                outdated.stream()
                        .<ChangeBatch.Change>map(ChangeBatch.Change.OfCredential::new)
                        .toList());
        return Optional.of(new AppliedChange(epoch, outdated));
    }

    @Override
    public synchronized long ownerChanged(Owner selector) {
        Objects.requireNonNull(selector, "selector");
        return feed.raise(List.of(new ChangeBatch.Change.OfOwners(selector)));
    }

    @Override
    public synchronized boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(replacement, "replacement");
        Credential credential = credentials.get(publicId);
        if (credential == null || !credential.hash().equals(expected)) {
            return false;
        }
        ApiKey key = keys.get(credential.keyId());
        if (key == null || key.revocation() != null) {
            return false;
        }
        credentials.put(publicId, new Credential(credential.keyId(), replacement, credential.validUntil()));
        return true;
    }

    @Override
    public synchronized void recordUses(Collection<KeyUse> uses) {
        Objects.requireNonNull(uses, "uses");
        for (KeyUse use : uses) {
            keys.computeIfPresent(use.keyId(), (id, key) -> {
                LastUse known = key.lastUse();
                return known != null && !use.use().at().isAfter(known.at())
                        ? key
                        : withNoted(key, use.use(), key.mcpSessions());
            });
        }
    }

    @Override
    public synchronized void recordMcpSession(UUID keyId, long policyVersion) {
        Objects.requireNonNull(keyId, "keyId");
        keys.computeIfPresent(
                keyId,
                (id, key) -> withNoted(key, key.lastUse(), key.mcpSessions().seen(policyVersion)));
    }

    @Override
    public synchronized void appendAudit(Collection<AuditEntry> entries) {
        Objects.requireNonNull(entries, "entries");
        entries.stream().filter(entry -> appended.add(entry.id())).forEach(trail::add);
    }

    @Override
    public synchronized Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        List<AuditEntry> wanted = trail.stream()
                .filter(entry -> matches(filter.kind(), entry.kind())
                        && matches(filter.owner(), entry.owner())
                        && matches(filter.event(), entry.event())
                        && matches(filter.keyId(), entry.keyId()))
                .toList();
        return InMemoryPages.of(wanted, entry -> new PageRequest.Position(entry.at(), entry.id()), page);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return feed;
    }

    @Override
    public synchronized Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        Objects.requireNonNull(changedBefore, "changedBefore");
        List<UUID> ended = keys.values().stream()
                .filter(key -> endOf(key).isBefore(endedBefore))
                .map(ApiKey::id)
                .limit(limit)
                .toList();
        List<ChangeBatch.Change> gone = new ArrayList<>();
        for (UUID id : ended) {
            publicIdsOf(id).forEach(publicId -> gone.add(new ChangeBatch.Change.OfCredential(publicId)));
        }
        ended.forEach(keys::remove);
        housekeeping.forget(ended);
        credentials.values().removeIf(credential -> ended.contains(credential.keyId()));
        int trimmed = feed.trim(changedBefore, limit);
        if (!gone.isEmpty()) {
            feed.raise(gone);
        }
        return Optional.of(new MaintenanceReport(ended.size(), trimmed));
    }

    @Override
    public Housekeeping housekeeping() {
        return housekeeping;
    }

    private static Instant endOf(ApiKey key) {
        Revocation revocation = key.revocation();
        Instant expiry = key.expiresAt() == null ? Instant.MAX : key.expiresAt();
        return revocation != null && revocation.at().isBefore(expiry) ? revocation.at() : expiry;
    }

    private Set<String> publicIdsOf(UUID keyId) {
        return credentials.entrySet().stream()
                .filter(entry -> entry.getValue().keyId().equals(keyId))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static <T> boolean matches(Optional<T> wanted, T actual) {
        return wanted.isEmpty() || wanted.get().equals(actual);
    }

    /** The record with its latest use and MCP sessions, which don't change its version. */
    private static ApiKey withNoted(ApiKey key, @Nullable LastUse use, McpSessions sessions) {
        return new ApiKey(
                key.id(),
                key.publicId(),
                key.kind(),
                key.owner(),
                key.name(),
                key.grant(),
                key.allowedFrom(),
                key.options(),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.pausedAt(),
                key.revocation(),
                use,
                sessions,
                key.version());
    }
}
