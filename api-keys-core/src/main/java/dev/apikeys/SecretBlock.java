package dev.apikeys;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The bytes that are hashed for a fingerprint, a secret and the salt behind it, with what stood in front of the secret, and
 * their digest. All of it is used again. The salt stays where it is from one secret to the next as long as they have one
 * length.
 *
 * <p>All that changes with each secret is in one array, apart from whatever lies beside it in memory: a collector may move it
 * next to something that every thread reads, and then each write would take that out of their processors' caches
 * (decision 073).
 *
 * <p>Used by one thread at a time.
 */
final class SecretBlock {
    /** Bytes at both ends that nobody touches: two cache lines of 64 bytes, which processors fetch in pairs. */
    private static final int APART = 128;

    /** Where secrets begin: in front of them there is room for a public id and one more character. */
    static final int SECRET = APART + 40;

    private static final int DIGEST_LENGTH = 32;

    private static final int NOWHERE = -1;

    private final byte[] salt;
    private final byte[] bytes;
    /** Where the digest begins. */
    private final int digestAt;
    /** Where a byte tells whether the digest is that of the secret: 1 if so, otherwise 0. */
    private final int hashedAt;

    private final MessageDigest sha256 = Sha256.newDigest();
    private int saltAt = NOWHERE;

    SecretBlock(byte[] salt) {
        this.salt = salt;
        this.digestAt = SECRET + TokenFormat.MAX_TOKEN_LENGTH + salt.length;
        this.hashedAt = digestAt + DIGEST_LENGTH;
        this.bytes = new byte[hashedAt + 1 + APART];
    }

    /**
     * Copies a part of a text.
     *
     * @param to the place of its first character
     * @param secretEnd behind its last character, with which the secret ends
     */
    @SuppressWarnings("deprecation") // Copies the lower bytes of the characters in bulk.
    void copy(String text, int from, int to, int secretEnd) {
        if (saltAt != secretEnd) {
            saltAt = NOWHERE;
        }
        text.getBytes(from, from + secretEnd - to, bytes, to);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Computes the digest of the secret, unless that was done. */
    void hash(int secretLength) {
        if (bytes[hashedAt] != 0) {
            return;
        }
        if (saltAt == NOWHERE) {
            saltAt = SECRET + secretLength;
            System.arraycopy(salt, 0, bytes, saltAt, salt.length);
        }
        try {
            sha256.update(bytes, SECRET, secretLength + salt.length);
            sha256.digest(bytes, digestAt, DIGEST_LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("a buffer of 32 bytes is too short for SHA-256", e);
        }
        bytes[hashedAt] = 1;
    }

    /** The first eight bytes of the digest, or the next ones. */
    long word(int index) {
        return HexBytes.word(bytes, digestAt + index * Long.BYTES);
    }

    /** Overwrites the secret. */
    void clear(int secretLength) {
        // A digest clears its block only when it is reset.
        sha256.reset();
        Arrays.fill(bytes, SECRET, SECRET + secretLength, (byte) 0);
        bytes[hashedAt] = 0;
    }
}
