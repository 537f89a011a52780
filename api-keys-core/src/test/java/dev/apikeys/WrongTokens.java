package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Stores that replace hashes wrongly, or don't know which tokens they have. */
final class WrongTokens {
    private WrongTokens() {}

    /** A token in grace whose hash is replaced has no end any more. */
    static ApiKeyStore forgettingEnds(InMemoryApiKeyStore memory) {
        Set<String> replaced = ConcurrentHashMap.newKeySet();
        return new ForwardingStore(memory) {
            @Override
            public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
                replaced.add(publicId);
                return super.rehash(publicId, expected, replacement);
            }

            @Override
            public Optional<StoredCredential> findCredential(String publicId) {
                return super.findCredential(publicId)
                        .map(found -> replaced.contains(publicId)
                                ? new StoredCredential(publicId, found.hash(), null, found.key())
                                : found);
            }
        };
    }

    /** Replaces no hashes of such tokens. */
    static ApiKeyStore notReplacing(InMemoryApiKeyStore memory, Predicate<StoredCredential> which) {
        return new ForwardingStore(memory) {
            @Override
            public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
                return findCredential(publicId).filter(which).isEmpty()
                        && super.rehash(publicId, expected, replacement);
            }
        };
    }

    /** Replaces the hashes of all tokens of the key. */
    static ApiKeyStore replacingBoth(InMemoryApiKeyStore memory) {
        Map<UUID, SecretHash> replaced = new ConcurrentHashMap<>();
        return new ForwardingStore(memory) {
            @Override
            public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
                boolean isDone = super.rehash(publicId, expected, replacement);
                if (isDone) {
                    findCredential(publicId)
                            .ifPresent(found -> replaced.put(found.key().id(), replacement));
                }
                return isDone;
            }

            @Override
            public Optional<StoredCredential> findCredential(String publicId) {
                return super.findCredential(publicId)
                        .map(found -> new StoredCredential(
                                publicId,
                                replaced.getOrDefault(found.key().id(), found.hash()),
                                found.validUntil(),
                                found.key()));
            }
        };
    }

    /** Says so of the ids that are missing. */
    static ApiKeyStore missing(InMemoryApiKeyStore memory, UnaryOperator<Set<String>> answer) {
        return new ForwardingStore(memory) {
            @Override
            public Set<String> findMissing(Collection<String> publicIds) {
                return answer.apply(super.findMissing(publicIds));
            }
        };
    }

    /** Knows only current tokens. */
    static ApiKeyStore missingTokensInGrace(InMemoryApiKeyStore memory) {
        return new ForwardingStore(memory) {
            @Override
            public Set<String> findMissing(Collection<String> publicIds) {
                return publicIds.stream()
                        .filter(publicId -> findCredential(publicId)
                                .filter(found -> found.validUntil() == null)
                                .isEmpty())
                        .collect(Collectors.toSet());
            }
        };
    }
}
