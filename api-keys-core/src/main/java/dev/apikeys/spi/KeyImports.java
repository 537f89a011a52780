package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.NameTakenException;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Import and export by the other calls of a store, for stores without a better way. */
final class KeyImports {
    private KeyImports() {}

    static List<Outcome> importOneByOne(ApiKeyStore store, List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        List<Outcome> outcomes = new ArrayList<>();
        for (KeyImport added : keys) {
            outcomes.add(existing(store, added).orElseGet(() -> insert(store, added)));
        }
        return outcomes;
    }

    static List<Outcome> lookUp(ApiKeyStore store, List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        return keys.stream()
                .map(added -> existing(store, added).orElse(Outcome.IMPORTED))
                .toList();
    }

    private static Optional<Outcome> existing(ApiKeyStore store, KeyImport added) {
        if (added.key().tokens().size() > 1) {
            return Optional.of(Outcome.NOT_SUPPORTED);
        }
        ApiKey key = added.key().key();
        return store.findCredential(key.publicId())
                .map(stored -> added.beside(stored.key().kind(), stored.key().owner(), stored.hash()));
    }

    private static Outcome insert(ApiKeyStore store, KeyImport added) {
        ApiKey key = added.key().key();
        int maxActive = added.isLimited() ? added.maxActive() : KeyImport.NO_LIMIT;
        try {
            store.insert(new NewKey(key, added.key().currentToken().hash(), maxActive, added.names(), added.audit()));
        } catch (DuplicateKeyException taken) {
            return Outcome.CONFLICT;
        } catch (KeyLimitExceededException full) {
            return Outcome.LIMIT_EXCEEDED;
        } catch (NameTakenException taken) {
            return Outcome.NAME_TAKEN;
        }
        if (key.lastUse() != null) {
            store.recordUses(List.of(new KeyUse(key.id(), key.lastUse())));
        }
        return Outcome.IMPORTED;
    }

    static List<ExportedKey> export(ApiKeyStore store, PageRequest page) {
        Objects.requireNonNull(page, "page");
        List<ExportedKey> exported = new ArrayList<>();
        for (ApiKey key : store.list(KeyFilter.everything(), page).items()) {
            store.findCredential(key.publicId())
                    .map(found -> new ExportedKey.Token(found.publicId(), found.hash(), null))
                    .ifPresent(token -> exported.add(new ExportedKey(key, List.of(token))));
        }
        return exported;
    }

    static Map<String, Long> count(ApiKeyStore store) {
        Map<String, Long> counts = new HashMap<>();
        PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            List<ApiKey> page = store.list(KeyFilter.everything(), next).items();
            for (ApiKey key : page) {
                if (key.revocation() == null) {
                    store.findCredential(key.publicId())
                            .ifPresent(found -> counts.merge(found.hash().kind(), 1L, Long::sum));
                }
            }
            if (page.size() < next.limit()) {
                return counts;
            }
            ApiKey last = page.get(page.size() - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), PageRequest.MAX_LIMIT);
        }
    }
}
