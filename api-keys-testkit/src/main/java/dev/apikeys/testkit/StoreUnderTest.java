package dev.apikeys.testkit;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The common base of the contract's parts: a store, and short methods for it. */
public interface StoreUnderTest {
    /** Enough for a test that is not about limits. */
    int NO_LIMIT = 1_000;

    /** The store, fresh and empty for each test. */
    ApiKeyStore store();

    /** Stores the key and gives it back. */
    default ApiKey stored(ApiKey key) {
        return stored(key, NO_LIMIT);
    }

    /** Stores the key unless its owner has as many; gives it back. */
    default ApiKey stored(ApiKey key, int maxActive) {
        store().insert(SampleKey.toAdd(key, maxActive));
        return key;
    }

    /** Carries out the change, which must succeed. */
    default AppliedChange applied(KeyChange change) {
        return store().apply(change).orElseThrow();
    }

    /** Gives the key a new token; the one before works until an hour after {@link SampleKey#NOW}. */
    default ApiKey rotated(ApiKey key) {
        KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), SampleKey.NOW, Duration.ofHours(1));
        applied(rotation);
        return rotation.after();
    }

    /** The key as it is stored now. */
    default ApiKey current(ApiKey key) {
        return store().find(key.id(), KeyFilter.everything()).orElseThrow();
    }

    /** The credential, which must be there. */
    default StoredCredential credential(String publicId) {
        return store().findCredential(publicId).orElseThrow();
    }

    /** All keys within the filter. */
    default List<ApiKey> listed(KeyFilter filter) {
        return store().list(filter, PageRequest.first(PageRequest.MAX_LIMIT)).items();
    }

    /** All audit entries within the filter. */
    default List<AuditEntry> trail(AuditFilter filter) {
        return store().audit(filter, PageRequest.first(PageRequest.MAX_LIMIT)).items();
    }

    /**
     * Ends the test for a store that can't import a key with an earlier token in grace, and answers so. Such a store doesn't
     * export or count tokens in grace either.
     */
    default void assumeTokensInGraceAreMoved() {
        KeyImport rotated = SampleKey.toImport(new SampleKey().build(), SampleKey.randomPublicId());
        Assumptions.assumeFalse(
                store().tryImport(List.of(rotated)).equals(List.of(KeyImport.Outcome.NOT_SUPPORTED)),
                "the store can't import tokens in grace");
    }

    /** Raises the epoch by one and returns it. The difference to the last call shows what else raised it. */
    default long nextEpoch() {
        return store().ownerChanged(Owner.user("nobody"));
    }
}
