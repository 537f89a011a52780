package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.NameTakenException;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.NewKey.NameRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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
        List<ApiKey> earlier = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (KeyImport added : keys) {
            Outcome outcome = existing(store, added).orElseGet(() -> limited(store, added, earlier));
            if (outcome == Outcome.IMPORTED) {
                earlier.add(added.key().key());
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static Optional<Outcome> existing(ApiKeyStore store, KeyImport added) {
        if (added.key().tokens().size() > 1) {
            return Optional.of(Outcome.NOT_SUPPORTED);
        }
        ApiKey key = added.key().key();
        // Before its token: another import may store the key between the two questions.
        Optional<Outcome> ofId = store.find(key.id(), KeyFilter.everything()).map(taken -> Outcome.CONFLICT);
        Optional<Outcome> ofToken = store.findCredential(key.publicId())
                .map(stored -> added.beside(stored.key().kind(), stored.key().owner(), stored.hash()));
        return ofToken.isPresent() ? ofToken : ofId;
    }

    private static Outcome insert(ApiKeyStore store, KeyImport added) {
        ApiKey key = added.key().key();
        int maxActive = added.isLimited() ? added.maxActive() : KeyImport.NO_LIMIT;
        NameRule names = added.isLimited() ? added.names() : NameRule.ANY;
        try {
            store.insert(new NewKey(key, added.key().currentToken().hash(), maxActive, names, added.audit()));
        } catch (DuplicateKeyException taken) {
            // Another import may have stored it since it was looked for.
            return existing(store, added).orElse(Outcome.CONFLICT);
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

    /** What {@link ApiKeyStore#insert} would say of a new key, with the keys before it in the batch stored. */
    private static Outcome limited(ApiKeyStore store, KeyImport added, List<ApiKey> earlier) {
        if (!added.isLimited()) {
            return Outcome.IMPORTED;
        }
        ApiKey key = added.key().key();
        KeyFilter active = KeyFilter.ownedBy(key.kind(), key.owner()).liveAt(key.createdAt());
        List<ApiKey> counted = new ArrayList<>();
        forEach(store, active, counted::add);
        earlier.stream().filter(active::matches).forEach(counted::add);
        if (counted.size() >= added.maxActive()) {
            return Outcome.LIMIT_EXCEEDED;
        }
        boolean isNameTaken = added.names() == NameRule.UNIQUE
                && counted.stream().anyMatch(other -> other.name().equals(key.name()));
        return isNameTaken ? Outcome.NAME_TAKEN : Outcome.IMPORTED;
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
        forEach(
                store,
                KeyFilter.everything().unrevoked(),
                key -> store.findCredential(key.publicId())
                        .ifPresent(found -> counts.merge(found.hash().kind(), 1L, Long::sum)));
        return counts;
    }

    /** Reads page by page. */
    private static void forEach(ApiKeyStore store, KeyFilter filter, Consumer<ApiKey> step) {
        PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            List<ApiKey> page = store.list(filter, next).items();
            page.forEach(step);
            if (page.size() < next.limit()) {
                return;
            }
            ApiKey last = page.get(page.size() - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), PageRequest.MAX_LIMIT);
        }
    }
}
