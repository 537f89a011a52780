package dev.apikeys;

import dev.apikeys.spi.SecretHash;
import java.security.SecureRandom;

/**
 * Makes credentials: new tokens with the hash to store, and the stored form of imported tokens.
 *
 * <p>Thread-safe.
 */
final class CredentialMint {
    private final TokenFormat format;
    private final SecretHasher hasher;
    private final ImportedHashes importedHashes;
    private final SlowSecretCheck slowHashes;
    private final SecureRandom random;

    CredentialMint(
            TokenFormat format,
            SecretHasher hasher,
            ImportedHashes importedHashes,
            SlowSecretCheck slowHashes,
            SecureRandom random) {
        this.format = format;
        this.hasher = hasher;
        this.importedHashes = importedHashes;
        this.slowHashes = slowHashes;
        this.random = random;
    }

    /** The part of a token that a store keeps. */
    record Stored(String publicId, SecretHash hash) {}

    /** A new token, and the part that a store keeps. */
    record Minted(Token token, Stored stored) {}

    /** A new token. */
    Minted mint() {
        MintedToken token = format.mint(random);
        SecretHash hash = hasher.hash(token.publicId(), token.secret());
        return new Minted(token.token(), new Stored(token.publicId(), hash));
    }

    /**
     * The stored form of a token of another system.
     *
     * @throws IllegalArgumentException if this service can't check its hash
     */
    Stored imported(ImportedToken token) {
        String publicId = format.text(format.importedId(token.lookup()));
        return new Stored(publicId, hash(publicId, token));
    }

    private SecretHash hash(String publicId, ImportedToken token) {
        if (token.hashed() instanceof ImportedToken.Hashed.Fast fast) {
            return importedHashes.hash(publicId, fast.digest(), fast.value());
        }
        int length = format.minHashedLength(token.lookup());
        SecretHash slow = token.hashed() instanceof ImportedToken.Hashed.Generated generated
                ? generated.hash()
                : ((ImportedToken.Hashed.Password) token.hashed()).hash();
        slowHashes.requireSupported(slow, length);
        return slow;
    }
}
