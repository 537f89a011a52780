package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Where keys live. Every method is one transaction of its own: when it returns, all of it is committed and survives a
 * crash; when it throws, nothing is, except that a {@link dev.apikeys.StoreUnavailableException} may say that
 * {@linkplain dev.apikeys.StoreUnavailableException#isOutcomeUnknown() nobody knows}: a store whose commit goes
 * unanswered has to find out for itself, and throws that only where it can't. A store keeps no rule of a key's life: it compares versions, counts and stores. It must pass the contract
 * test {@code ApiKeyStoreContract}.
 *
 * <p>Implementations must be thread-safe. Each method throws {@link dev.apikeys.StoreUnavailableException} if the
 * storage can't be asked. It throws no other exception of a driver or library.
 */
public interface ApiKeyStore {
    /**
     * Stores a new key. It fails if the owner already has {@code maxActive} active keys of the kind: keys that are not
     * revoked, and not expired at {@code key.createdAt()}. If names must be unique, it also fails if one of these keys
     * has the same name. Both limits hold for any number of calls at once, on any number of nodes.
     *
     * @throws dev.apikeys.KeyLimitExceededException if the owner has that many active keys
     * @throws dev.apikeys.NameTakenException when the name is taken
     * @throws dev.apikeys.DuplicateKeyException when key id or public id exist
     */
    void insert(NewKey key);

    /**
     * Stores many new keys in one transaction, in any state, with their latest uses. A key whose current token is there
     * already is left as it is, its latest use included. Unless the batch {@linkplain KeyImport#NO_LIMIT says otherwise}, the
     * limits of {@link #insert} hold for each of them. The epoch stays: no node has anything of a new key in memory.
     *
     * <p>The default imports them one by one, each in a transaction of its own. A key with more than one token is
     * {@link KeyImport.Outcome#NOT_SUPPORTED}, since {@link #insert} takes one.
     *
     * @return what became of each key, in the same order
     */
    default List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        return KeyImports.importOneByOne(this, keys);
    }

    /**
     * As {@link #importKeys}, but stores nothing.
     *
     * <p>The default reads the keys of an owner to check its limits.
     *
     * @return what would become of each key
     */
    default List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        return KeyImports.lookUp(this, keys);
    }

    /**
     * One page of all keys with their hashes, newest first, to be imported by another store. Tokens that ended before this
     * instant are left out.
     *
     * <p>The default leaves out all tokens but the current one, which is all that {@link #list} shows. A client with the token
     * before a rotation is then rejected by the other store, however much of the grace is left.
     */
    default List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        return KeyImports.export(this, page);
    }

    /**
     * How many tokens of keys that are not revoked there are of each {@linkplain SecretHash#kind() kind of hash}.
     *
     * <p>The default reads all keys, and counts their current tokens only. A pepper that it doesn't count may still be needed
     * by a token in grace.
     */
    default Map<String, Long> countHashes() {
        return KeyImports.count(this);
    }

    /**
     * The credential with exactly this public id, for every state of its key; empty if there is none. Tokens that a
     * rotation replaced are found too, with their end.
     */
    Optional<StoredCredential> findCredential(String publicId);

    /**
     * Those of these public ids that no credential has. Cached keys are held against it again and again, so that none
     * outlives a store that was restored to an older state unnoticed.
     */
    default Set<String> findMissing(Collection<String> publicIds) {
        Objects.requireNonNull(publicIds, "publicIds");
        return publicIds.stream().filter(id -> findCredential(id).isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    /** The key with this id, if the filter matches it. */
    Optional<ApiKey> find(UUID id, KeyFilter within);

    /**
     * One page of the keys that match the filter, in the {@linkplain PageRequest#order() order} of the page, keys without its
     * value last, and how many match.
     */
    Page<ApiKey> list(KeyFilter filter, PageRequest page);

    /** Where {@link #list} looks for a text among the keys of many owners. By default in every part of name and owner. */
    default KeySearch keySearch() {
        return KeySearch.ANYWHERE;
    }

    /**
     * Carries out the change if the stored version is still {@code change.before().version()}. Also raises the epoch
     * and stores what changed. If several changes start from one version, exactly one is carried out.
     *
     * @return empty if the stored version is another one, or the key is gone
     */
    Optional<AppliedChange> apply(KeyChange change);

    /**
     * Stores that the state of the owner changed, and raises the epoch.
     *
     * @param selector an absent part stands for every value
     * @return the new epoch
     */
    long ownerChanged(Owner selector);

    /**
     * Replaces a hash by one of the current scheme if it is still the expected one and the key is not revoked. Version and
     * epoch don't change.
     *
     * @return false if the stored hash is another one, or the key is revoked or gone
     */
    boolean rehash(String publicId, SecretHash expected, SecretHash replacement);

    /** Stores latest uses. A use that is not later than the stored one, or of a key that is gone, changes nothing. */
    void recordUses(Collection<KeyUse> uses);

    /**
     * Stores that an MCP session was opened under this version of the key's policy. A lower version than the stored
     * one, or a key that is gone, changes nothing. Version and epoch of the key don't change, and {@link #apply}
     * doesn't reset it.
     */
    void recordMcpSession(UUID keyId, long policyVersion);

    /** Appends entries that belong to no change of a key; one whose id is there already is left out. */
    void appendAudit(Collection<AuditEntry> entries);

    /** One page of the audit trail, newest first, and how many entries match. */
    Page<AuditEntry> audit(AuditFilter filter, PageRequest page);

    /**
     * Opens a feed of the changes that {@link #apply} and {@link #ownerChanged} commit on any node. The caller closes
     * it.
     *
     * @param timeout how long one batch may take
     */
    ChangeFeed openChangeFeed(Duration timeout);

    /**
     * One bounded step of maintenance: removes keys that were revoked or had expired before an instant, with their
     * credentials and usage, and change rows from before another; the audit trail stays, and so does the latest change.
     * That keys are gone raises the epoch and is told like any change of them.
     * Never runs twice at once, on however many nodes.
     *
     * @param endedBefore keys that ended before this are removed
     * @param changedBefore change rows from before this are removed
     * @param limit the most keys, and the most changes, to remove
     * @return empty if another node is running maintenance
     */
    Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit);

    /** What a service keeps in the store for its own work. */
    Housekeeping housekeeping();
}
