package dev.apikeys;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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
    /** Numbers between two slots: two cache lines of 64 bytes, which processors fetch in pairs. */
    private static final int SPACING = 32;

    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int NOWHERE = -1;

    /**
     * Which slots are taken: numbers, and references that never change. To take a reference out and put it back costs a memory
     * fence with G1, and threads that do so at the same time disturb each other, since they mark neighbouring cards.
     */
    private final AtomicIntegerArray taken = new AtomicIntegerArray(SPACING << SLOT_BITS);

    /** Each is written and read by whoever has taken its slot. */
    private final @Nullable PresentedToken[] pool = new PresentedToken[1 << SLOT_BITS];

    /**
     * One more for each slot while that is taken: by a request that waits for the store, or by a thread that was stopped there, as
     * happens with more busy threads than processors. Making one takes longer than many verifications.
     */
    private final AtomicReferenceArray<PresentedToken> spares = new AtomicReferenceArray<>(1 << SLOT_BITS);

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
        int slot = slot();
        if (taken.getAndSet(slot * SPACING, TAKEN) == FREE) {
            return pooled(slot);
        }
        PresentedToken spare = spares.getAndSet(slot, null);
        return spare != null ? spare : new PresentedToken(salt, NOWHERE);
    }

    private PresentedToken pooled(int slot) {
        PresentedToken made = pool[slot];
        if (made == null) {
            made = new PresentedToken(salt, slot);
            pool[slot] = made;
        }
        return made;
    }

    /** Forgets the token. */
    void release(PresentedToken token) {
        token.clear();
        if (token.place() == NOWHERE) {
            spares.lazySet(slot(), token);
        } else {
            taken.lazySet(token.place() * SPACING, FREE);
        }
    }

    private static int slot() {
        return FibonacciHash.of(Thread.currentThread().getId(), SLOT_BITS);
    }
}
