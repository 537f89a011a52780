package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a change in the store. Then the node's own cache forgets the key, and then the listeners are told.
 *
 * <p>Thread-safe.
 */
final class ChangeCommitter {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeCommitter.class);

    private final ApiKeyStore store;
    private final KeyCache cache;
    private final List<KeyEventListener> listeners;

    ChangeCommitter(ApiKeyStore store, KeyCache cache, List<KeyEventListener> listeners) {
        this.store = store;
        this.cache = cache;
        this.listeners = List.copyOf(listeners);
    }

    /** Stores a new key. */
    void insert(NewKey key, KeyEvent event) {
        store.insert(key);
        cache.forget(Set.of(key.key().publicId()));
        tell(event);
    }

    /** Stores imported keys. */
    List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        List<KeyImport.Outcome> outcomes = store.importKeys(keys);
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) == KeyImport.Outcome.IMPORTED) {
                ExportedKey imported = keys.get(i).key();
                // Earlier tokens too: somebody may have tried one before, so that it is known as unknown.
                cache.forget(imported.tokens().stream()
                        .map(ExportedKey.Token::publicId)
                        .toList());
                AuditEntry audit = keys.get(i).audit();
                tell(new KeyEvent.Issued(imported.key(), new Actor(audit.actor(), audit.request())));
            }
        }
        return outcomes;
    }

    /** What {@link #importKeys} would do. */
    List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        return store.tryImport(keys);
    }

    /**
     * Carries out a change of a key.
     *
     * @param event called only if the change was carried out
     * @return false if another change came first; then nothing was done
     */
    boolean apply(KeyChange change, Supplier<KeyEvent> event) {
        Optional<AppliedChange> applied;
        try {
            applied = store.apply(change);
        } catch (Throwable maybeCommitted) {
            cache.forget(Set.of(change.before().publicId()));
            throw maybeCommitted;
        }
        applied.ifPresent(committed -> {
            cache.forget(committed.publicIds());
            tell(event.get());
        });
        return applied.isPresent();
    }

    private void tell(KeyEvent event) {
        for (KeyEventListener listener : listeners) {
            try {
                listener.on(event);
            } catch (Throwable failure) {
                // The change is committed, so the caller must get the token, whatever the listener throws.
                LOG.warn(
                        "A listener failed on {} of key {}",
                        event.getClass().getSimpleName(),
                        event.key().id(),
                        failure);
            }
        }
    }
}
