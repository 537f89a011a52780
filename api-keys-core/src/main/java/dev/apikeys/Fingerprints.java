package dev.apikeys;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The hash for cached keys. After a secret was checked once against its hash at rest, the entry remembers a
 * fingerprint: the first 128 bits of SHA-256 over the characters of the secret and a salt of this process. With 48
 * characters both fit into one block. From then on one SHA-256 decides, for every scheme at rest.
 *
 * <p>What reads and hashes tokens is pooled and not thread-local, so that virtual threads reuse it too, and it ends with
 * the service. Thread-safe.
 */
final class Fingerprints {
    /** One SHA-256 block holds 55 bytes beside its padding (FIPS 180-4 §5.1.1). */
    private static final int ONE_BLOCK = 55;

    private static final int MIN_SALT = 7;
    /** The binary logarithm of the number of pooled objects. */
    private static final int SLOT_BITS = 6;
    /** References between two slots: two cache lines of 64 bytes, which processors fetch in pairs. */
    private static final int SPACING = 32;

    private final AtomicReferenceArray<PresentedToken> pool = new AtomicReferenceArray<>(SPACING << SLOT_BITS);
    private final byte[] salt;
    private final Fingerprint unmatchable;

    Fingerprints(SecureRandom random, int secretLength) {
        this.salt = new byte[Math.max(MIN_SALT, ONE_BLOCK - secretLength)];
        random.nextBytes(salt);
        this.unmatchable = new Fingerprint(random.nextLong(), random.nextLong());
    }

    /** A fingerprint that no secret has. Unknown ids are compared with it, so they cost as much as wrong secrets. */
    Fingerprint unmatchable() {
        return unmatchable;
    }

    /** Something to read a token with. {@link #release} must follow. */
    PresentedToken acquire() {
        PresentedToken pooled = pool.getAndSet(slot(), null);
        return pooled != null ? pooled : new PresentedToken(salt);
    }

    /** Forgets the token. */
    void release(PresentedToken token) {
        token.clear();
        pool.lazySet(slot(), token);
    }

    private static int slot() {
        return SPACING * FibonacciHash.of(Thread.currentThread().getId(), SLOT_BITS);
    }
}
