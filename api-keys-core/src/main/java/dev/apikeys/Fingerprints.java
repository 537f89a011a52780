package dev.apikeys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The hash for cached keys. After a secret was checked once against its hash at rest, the entry remembers a
 * fingerprint: SHA-256 over a salt of this process and the characters of the secret. With 48 characters both fit into
 * one block. From then on one SHA-256 decides, for every scheme at rest.
 *
 * <p>Digests are pooled and not thread-local, so that virtual threads reuse them too, and they end with the service.
 * Thread-safe.
 */
final class Fingerprints {
    /** One SHA-256 block holds 55 bytes beside its padding (FIPS 180-4 §5.1.1). */
    private static final int ONE_BLOCK = 55;

    private static final int MIN_SALT = 7;
    /** The binary logarithm of the number of pooled digests. */
    private static final int SLOT_BITS = 6;
    /** References between two slots: two cache lines of 64 bytes, which processors fetch in pairs. */
    private static final int SPACING = 32;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final AtomicReferenceArray<Scratch> pool = new AtomicReferenceArray<>(SPACING << SLOT_BITS);
    private final byte[] salt;
    private final Fingerprint unmatchable;

    Fingerprints(SecureRandom random, int secretLength) {
        this.salt = new byte[Math.max(MIN_SALT, ONE_BLOCK - secretLength)];
        random.nextBytes(salt);
        this.unmatchable = new Fingerprint(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** A fingerprint that no secret has. Unknown ids are compared with it, so they cost as much as wrong secrets. */
    Fingerprint unmatchable() {
        return unmatchable;
    }

    /** The fingerprint of a secret. The secret has Latin-1 characters only. */
    Fingerprint of(String secret) {
        Scratch scratch = acquire();
        try {
            scratch.digest(secret, 0, secret.length(), salt.length);
            return new Fingerprint(scratch.word(0), scratch.word(1), scratch.word(2), scratch.word(3));
        } finally {
            release(scratch);
        }
    }

    /** Tells whether the secret, a part of the text, matches the fingerprint of the entry. */
    boolean match(CacheEntry entry, String text, int from, int length) {
        Scratch scratch = acquire();
        try {
            scratch.digest(text, from, length, salt.length);
            return entry.hasFingerprint(scratch.word(0), scratch.word(1), scratch.word(2), scratch.word(3));
        } finally {
            release(scratch);
        }
    }

    private Scratch acquire() {
        Scratch pooled = pool.getAndSet(slot(), null);
        return pooled != null ? pooled : new Scratch(salt);
    }

    private void release(Scratch scratch) {
        pool.lazySet(slot(), scratch);
    }

    private static int slot() {
        long id = Thread.currentThread().getId();
        return SPACING * (int) ((id * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - SLOT_BITS));
    }

    /** A digest with its buffers. Used by one thread at a time. */
    private static final class Scratch {
        private final MessageDigest sha256;
        private final byte[] input;
        private final byte[] output = new byte[32];

        Scratch(byte[] salt) {
            sha256 = Sha256.newDigest();
            input = new byte[salt.length + TokenFormat.MAX_TOKEN_LENGTH];
            System.arraycopy(salt, 0, input, 0, salt.length);
        }

        @SuppressWarnings("deprecation") // Copies the checked Latin-1 characters without an allocation.
        void digest(String text, int from, int length, int saltLength) {
            text.getBytes(from, from + length, input, saltLength);
            try {
                sha256.update(input, 0, saltLength + length);
                sha256.digest(output, 0, output.length);
                // The pool must hold no secret. A digest clears its block only when it is reset.
                sha256.reset();
                Arrays.fill(input, saltLength, saltLength + length, (byte) 0);
            } catch (DigestException e) {
                throw new IllegalStateException("a buffer of 32 bytes is too short for SHA-256", e);
            }
        }

        long word(int index) {
            return (long) LONGS.get(output, index * Long.BYTES);
        }
    }
}
