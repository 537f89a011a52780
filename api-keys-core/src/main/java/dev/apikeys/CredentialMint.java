package dev.apikeys;

import dev.apikeys.spi.SecretHash;
import java.security.SecureRandom;

/**
 * Makes credentials: new tokens with the hash that is stored of them, and the stored form of imported tokens.
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

    /** What a store keeps of a token. */
    record Stored(String publicId, SecretHash hash) {}

    /** A new token, and what a store keeps of it. */
    record Minted(Token token, Stored stored) {}

    /** A new token. */
    Minted mint() {
        MintedToken token = format.mint(random);
        SecretHash hash = hasher.hash(token.publicId(), token.secret());
        return new Minted(token.token(), new Stored(token.publicId(), hash));
    }

    /**
     * What a store keeps of a token of another system.
     *
     * @throws IllegalArgumentException when this service can't check its hash
     */
    Stored imported(ImportedToken token) {
        slowHashes.requireSupported(token.hash(), format.minHashedLength(token.lookup()));
        return new Stored(format.text(format.importedId(token.lookup())), token.hash());
    }
}
