package dev.apikeys;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The bytes that are hashed for a fingerprint, a secret and the salt behind it, with what stood in front of the secret, and
 * their digest. All of it is used again. The salt stays where it is from one secret to the next as long as they have one
 * length.
 *
 * <p>Used by one thread at a time.
 */
final class SecretBlock {
    /** Where secrets begin: in front of them there is room for a public id and one more character. */
    static final int SECRET = 40;

    private static final int NOWHERE = -1;

    private final byte[] salt;
    private final byte[] bytes;
    private final byte[] digest = new byte[32];
    private final MessageDigest sha256 = Sha256.newDigest();
    private int saltAt = NOWHERE;

    SecretBlock(byte[] salt) {
        this.salt = salt;
        this.bytes = new byte[SECRET + TokenFormat.MAX_TOKEN_LENGTH + salt.length];
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

    void hash(int secretLength) {
        if (saltAt == NOWHERE) {
            saltAt = SECRET + secretLength;
            System.arraycopy(salt, 0, bytes, saltAt, salt.length);
        }
        try {
            sha256.update(bytes, SECRET, secretLength + salt.length);
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a buffer of 32 bytes is too short for SHA-256", e);
        }
    }

    /** The first eight bytes of the digest, or the next ones. */
    long word(int index) {
        return HexBytes.word(digest, index);
    }

    /** Overwrites the secret. */
    void clear(int secretLength) {
        // A digest clears its block only when it is reset.
        sha256.reset();
        Arrays.fill(bytes, SECRET, SECRET + secretLength, (byte) 0);
    }
}
