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
    private final FastHashes hashes;
    private final SlowSecretCheck slowHashes;
    private final SecureRandom random;

    CredentialMint(TokenFormat format, FastHashes hashes, SlowSecretCheck slowHashes, SecureRandom random) {
        this.format = format;
        this.hashes = hashes;
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
        SecretHash hash = hashes.hash(token.publicId(), token.secret());
        return new Minted(token.token(), new Stored(token.publicId(), hash));
    }

    /**
     * The stored form of a token of another system.
     *
     * @throws IllegalArgumentException if this service can't check its hash, or no token has its look-up value
     */
    Stored imported(ImportedToken token) {
        if (!format.canHave(token.lookup())) {
            throw new IllegalArgumentException(
                    "no token that this service accepts has this look-up value; it isn't shown here");
        }
        String publicId = format.text(format.importedId(token.lookup()));
        return new Stored(publicId, hash(publicId, token));
    }

    private SecretHash hash(String publicId, ImportedToken token) {
        if (token.original() instanceof ImportedToken.Original.Fast fast) {
            return hashes.imported().hash(publicId, fast.digest(), fast.value());
        }
        int length = format.minHashedLength(token.lookup());
        SecretHash slow = ((ImportedToken.Original.Slow) token.original()).hash();
        slowHashes.requireSupported(slow, length);
        return slow;
    }
}
