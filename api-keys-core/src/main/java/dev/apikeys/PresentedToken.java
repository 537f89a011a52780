package dev.apikeys;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The token of one request, read into buffers that are used again: its public id as two numbers, and the fingerprint of
 * its secret, which is hashed once and only if it is asked for. {@link #clear} must follow, so that nothing keeps a secret.
 *
 * <p>Used by one thread at a time.
 */
final class PresentedToken {
    /** Where secrets begin. In front of them there is room for a public id with its dot, behind them follows the salt. */
    private static final int SECRET = 40;

    private static final int NOWHERE = -1;
    private static final int LATIN_1 = 0xFF;

    private final byte[] salt;
    private final MessageDigest sha256 = Sha256.newDigest();
    private final byte[] bytes;
    private final byte[] digest = new byte[32];

    private String text = "";
    private int secretStart;
    private int secretLength;
    private long idHigh;
    private long idLow;
    private boolean isHashed;
    /** Where the salt is; it stays there from one token to the next as long as their secrets have one length. */
    private int saltAt = NOWHERE;

    PresentedToken(byte[] salt) {
        this.salt = salt;
        this.bytes = new byte[SECRET + TokenFormat.MAX_TOKEN_LENGTH + salt.length];
    }

    /**
     * Reads public id and secret, which follow each other after one character. Returns false if a character of them
     * is no lower-case hexadecimal digit. What follows is not looked at.
     *
     * @param idLength 16 to 32
     * @param secretDigits at least 8
     */
    @SuppressWarnings("deprecation") // Copies the lower bytes of characters in bulk; the upper ones are checked before.
    boolean read(String token, int idStart, int idLength, int secretDigits) {
        for (int i = idStart; i < token.length(); i++) {
            // Costs nothing for a string with one byte for each character: the compiler sees that it never happens.
            if (token.charAt(i) > LATIN_1) {
                return false;
            }
        }
        int id = SECRET - 1 - idLength;
        take(token, idStart + idLength + 1, secretDigits);
        token.getBytes(idStart, secretStart + secretDigits, bytes, id);
        idHigh = HexBytes.number(bytes, id + idLength / 2, idLength / 2);
        idLow = HexBytes.number(bytes, SECRET - 1, idLength / 2);
        return HexBytes.areDigits(bytes, id, SECRET - 1) && HexBytes.areDigits(bytes, SECRET, SECRET + secretDigits);
    }

    /** Takes the secret of an imported token. It has Latin-1 characters only. */
    @SuppressWarnings("deprecation") // Copies Latin-1 characters without an allocation.
    void readSecret(String secret) {
        take(secret, 0, secret.length());
        secret.getBytes(0, secret.length(), bytes, SECRET);
    }

    private void take(String token, int from, int length) {
        text = token;
        secretStart = from;
        secretLength = length;
        if (saltAt != SECRET + length) {
            saltAt = NOWHERE;
        }
    }

    /** The first half of the public id. */
    long idHigh() {
        return idHigh;
    }

    /** The second half. */
    long idLow() {
        return idLow;
    }

    /** The secret as text, for hashes at rest. */
    String secret() {
        return text.substring(secretStart, secretStart + secretLength);
    }

    /** Tells whether this secret has the fingerprint of the entry. */
    boolean matches(CacheEntry entry) {
        hash();
        return entry.hasFingerprint(HexBytes.word(digest, 0), HexBytes.word(digest, 1));
    }

    /** The fingerprint of the secret. */
    Fingerprint fingerprint() {
        hash();
        return new Fingerprint(HexBytes.word(digest, 0), HexBytes.word(digest, 1));
    }

    private void hash() {
        if (isHashed) {
            return;
        }
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
        isHashed = true;
    }

    /** Forgets the token. */
    void clear() {
        if (isHashed) {
            // A digest clears its block only when it is reset.
            sha256.reset();
        }
        Arrays.fill(bytes, SECRET, SECRET + secretLength, (byte) 0);
        text = "";
        secretLength = 0;
        isHashed = false;
    }
}
