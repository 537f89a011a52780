package dev.apikeys;

import java.nio.charset.StandardCharsets;

/**
 * The token of one request, read into buffers that are used again: its public id as two numbers, and the fingerprint of
 * its secret, which is hashed once and only if it is asked for. {@link #clear} must follow, so that nothing keeps a secret.
 *
 * <p>Used by one thread at a time.
 */
final class PresentedToken {
    private static final int LATIN_1 = 0xFF;

    private final SecretBlock block;
    private final int place;
    private int secretLength;
    private long idHigh;
    private long idLow;
    private boolean isHashed;

    /**
     * Something to read tokens with.
     *
     * @param place where it belongs; the owner of this object knows what that means
     */
    PresentedToken(byte[] salt, int place) {
        this.block = new SecretBlock(salt);
        this.place = place;
    }

    int place() {
        return place;
    }

    /**
     * Reads public id and secret, which follow each other after one character. Returns false if a character of them
     * is no lower-case hexadecimal digit. What follows is not looked at.
     *
     * @param idLength 16 to 32
     * @param secretDigits at least 8
     */
    boolean read(String token, int idStart, int idLength, int secretDigits) {
        for (int i = idStart; i < token.length(); i++) {
            // Costs nothing for a string with one byte for each character: the compiler sees that it never happens.
            if (token.charAt(i) > LATIN_1) {
                return false;
            }
        }
        secretLength = secretDigits;
        int idEnd = SecretBlock.SECRET - 1;
        int secretEnd = SecretBlock.SECRET + secretDigits;
        block.copy(token, idStart, idEnd - idLength, secretEnd);
        byte[] bytes = block.bytes();
        idHigh = HexBytes.number(bytes, idEnd - idLength / 2, idLength / 2);
        idLow = HexBytes.number(bytes, idEnd, idLength / 2);
        return HexBytes.areDigits(bytes, idEnd - idLength, idEnd)
                && HexBytes.areDigits(bytes, SecretBlock.SECRET, secretEnd);
    }

    /** Takes the secret of an imported token. It has Latin-1 characters only. */
    void readSecret(String secret) {
        secretLength = secret.length();
        block.copy(secret, 0, SecretBlock.SECRET, SecretBlock.SECRET + secretLength);
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
        return new String(block.bytes(), SecretBlock.SECRET, secretLength, StandardCharsets.ISO_8859_1);
    }

    /** Tells whether this secret has the fingerprint of the entry. */
    boolean matches(CacheEntry entry) {
        hash();
        return entry.hasFingerprint(block.word(0), block.word(1));
    }

    /** The fingerprint of the secret. */
    Fingerprint fingerprint() {
        hash();
        return new Fingerprint(block.word(0), block.word(1));
    }

    private void hash() {
        if (!isHashed) {
            block.hash(secretLength);
            isHashed = true;
        }
    }

    /** Forgets the token. */
    void clear() {
        block.clear(secretLength);
        secretLength = 0;
        isHashed = false;
    }
}
