package dev.apikeys;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;

/**
 * The fast hashes at rest: the library's own, and those of imported keys, which own ones replace.
 *
 * <p>Thread-safe.
 */
record FastHashes(SecretHasher own, ImportedHashes imported) {
    /** A new hash of the own scheme. */
    SecretHash hash(String publicId, String secret) {
        return own.hash(publicId, secret);
    }

    Match check(SecretHash stored, String publicId, String secret) {
        return HashKind.of(stored) == HashKind.IMPORTED
                ? imported.check(stored, publicId, secret)
                : own.check(stored, publicId, secret);
    }
}
