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
    private final SlowSecretCheck slowHashes;
    private final SecureRandom random;

    CredentialMint(TokenFormat format, SecretHasher hasher, SlowSecretCheck slowHashes, SecureRandom random) {
        this.format = format;
        this.hasher = hasher;
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
        slowHashes.requireSupported(token.hash(), format.minHashedLength(token.lookup()));
        return new Stored(format.text(format.importedId(token.lookup())), token.hash());
    }
}
