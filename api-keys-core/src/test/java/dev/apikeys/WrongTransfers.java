package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Stores that import, export or count wrongly. */
final class WrongTransfers {
    private WrongTransfers() {}

    /** An import gets a token that is another key's, and in grace. */
    static ApiKeyStore takingOverTokensInGrace(InMemoryApiKeyStore memory) {
        Map<String, StoredCredential> taken = new ConcurrentHashMap<>();
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                for (KeyImport added : keys) {
                    for (ExportedKey.Token token : added.key().tokens()) {
                        findCredential(token.publicId())
                                .filter(found -> found.validUntil() != null)
                                .ifPresent(found -> taken.put(
                                        token.publicId(),
                                        new StoredCredential(
                                                token.publicId(),
                                                token.hash(),
                                                token.validUntil(),
                                                added.key().key())));
                    }
                }
                return super.importKeys(keys);
            }

            @Override
            public Optional<StoredCredential> findCredential(String publicId) {
                return Optional.ofNullable(taken.get(publicId)).or(() -> super.findCredential(publicId));
            }
        };
    }

    /** Imports a key without those of its earlier tokens that another key has. */
    static ApiKeyStore leavingOutTakenTokens(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                return super.importKeys(keys.stream().map(this::withFreeTokens).toList());
            }

            private KeyImport withFreeTokens(KeyImport added) {
                ApiKey key = added.key().key();
                List<ExportedKey.Token> free = added.key().tokens().stream()
                        .filter(token -> token.publicId().equals(key.publicId())
                                || findCredential(token.publicId()).isEmpty())
                        .toList();
                return new KeyImport(new ExportedKey(key, free), added.maxActive(), added.names(), added.audit());
            }
        };
    }

    /** Stores the earlier tokens of a key that is refused. */
    static ApiKeyStore keepingTokensOfRefusedKeys(InMemoryApiKeyStore memory) {
        Map<String, StoredCredential> kept = new ConcurrentHashMap<>();
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                for (KeyImport added : keys) {
                    for (ExportedKey.Token token : added.key().tokens()) {
                        kept.put(
                                token.publicId(),
                                new StoredCredential(
                                        token.publicId(),
                                        token.hash(),
                                        token.validUntil(),
                                        added.key().key()));
                    }
                }
                return super.importKeys(keys);
            }

            @Override
            public Optional<StoredCredential> findCredential(String publicId) {
                return super.findCredential(publicId).or(() -> Optional.ofNullable(kept.get(publicId)));
            }
        };
    }

    /** Stores the use of a key that is there already. */
    static ApiKeyStore storingUsesOfDuplicates(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                for (KeyImport added : keys) {
                    ApiKey key = added.key().key();
                    if (key.lastUse() != null) {
                        recordUses(List.of(new KeyUse(key.id(), key.lastUse())));
                    }
                }
                return super.importKeys(keys);
            }
        };
    }

    /** Raises the epoch. */
    static ApiKeyStore tellingImports(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                keys.forEach(added -> ownerChanged(added.key().key().owner()));
                return super.importKeys(keys);
            }
        };
    }

    /** Says that a key is a conflict which was imported and rotated. */
    static ApiKeyStore knowingCurrentTokensOnly(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                return keys.stream().map(this::outcome).toList();
            }

            private Outcome outcome(KeyImport added) {
                boolean isInGrace = findCredential(added.key().key().publicId())
                        .filter(found -> found.validUntil() != null)
                        .isPresent();
                return isInGrace
                        ? Outcome.CONFLICT
                        : super.importKeys(List.of(added)).get(0);
            }
        };
    }

    /** Imports a key as if it was new. */
    static ApiKeyStore forgettingTheHistory(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public List<Outcome> importKeys(List<KeyImport> keys) {
                keys.forEach(added -> insert(SampleKey.toAdd(
                        new SampleKey()
                                .id(added.key().key().id())
                                .publicId(added.key().key().publicId())
                                .build(),
                        KeyImport.NO_LIMIT)));
                return keys.stream().map(added -> Outcome.IMPORTED).toList();
            }
        };
    }

    /** Exports only what remains of each page. */
    static ApiKeyStore exporting(InMemoryApiKeyStore memory, Predicate<ApiKey> which) {
        return new ForwardingStore(memory) {
            @Override
            public List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
                return super.exportKeys(page, endedBefore).stream()
                        .filter(exported -> which.test(exported.key()))
                        .toList();
            }
        };
    }

    /** Imports tokens in grace, but exports and counts current tokens only. */
    static ApiKeyStore givingCurrentTokens(InMemoryApiKeyStore memory) {
        MinimalStore minimal = new MinimalStore(memory);
        return new ForwardingStore(memory) {
            @Override
            public List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
                return minimal.exportKeys(page, endedBefore);
            }

            @Override
            public Map<String, Long> countHashes() {
                return minimal.countHashes();
            }
        };
    }
}
