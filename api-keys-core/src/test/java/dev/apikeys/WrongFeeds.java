package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change.OfCredential;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.testkit.FaultyStore;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Stores whose change feed leaves something out. */
final class WrongFeeds {
    private WrongFeeds() {}

    /** Leaves out the tokens in grace of such changes. */
    static ApiKeyStore tellingCurrentTokens(InMemoryApiKeyStore memory, Predicate<KeyChange> which) {
        return leavingOut(
                memory,
                (change, publicId) ->
                        which.test(change) && !publicId.equals(change.after().publicId()));
    }

    /** Leaves out such changes. */
    static ApiKeyStore silent(InMemoryApiKeyStore memory, Predicate<KeyChange> which) {
        return leavingOut(memory, (change, publicId) -> which.test(change));
    }

    private static ApiKeyStore leavingOut(InMemoryApiKeyStore memory, BiPredicate<KeyChange, String> which) {
        Set<String> leftOut = ConcurrentHashMap.newKeySet();
        FaultyStore store = new FaultyStore(new ForwardingStore(memory) {
            @Override
            public Optional<AppliedChange> apply(KeyChange change) {
                Optional<AppliedChange> applied = super.apply(change);
                Set<String> told = applied.map(AppliedChange::publicIds).orElse(Set.of());
                leftOut.removeAll(told);
                told.stream().filter(publicId -> which.test(change, publicId)).forEach(leftOut::add);
                return applied;
            }
        });
        store.changeBatches(batch -> new ChangeBatch(
                batch.position(),
                batch.continuity(),
                batch.changes().stream()
                        .filter(change -> !(change instanceof OfCredential token && leftOut.contains(token.publicId())))
                        .toList(),
                batch.storeTime(),
                batch.age()));
        return store;
    }

    static boolean isRevocation(KeyChange change) {
        return change.after().revocation() != null;
    }

    static boolean isPause(KeyChange change) {
        return change.before().pausedAt() == null && change.after().pausedAt() != null;
    }

    static boolean isResumption(KeyChange change) {
        return change.before().pausedAt() != null && change.after().pausedAt() == null;
    }

    static boolean isUpdate(KeyChange change) {
        return isNarrower(change)
                || !Objects.equals(change.before().expiresAt(), change.after().expiresAt());
    }

    private static boolean isNarrower(KeyChange change) {
        return !change.before().grant().equals(change.after().grant())
                || !change.before().allowedFrom().equals(change.after().allowedFrom());
    }
}
