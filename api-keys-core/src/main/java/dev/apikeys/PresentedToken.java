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
    /** Where public ids end. */
    private static final int ID_END = SecretBlock.SECRET - 1;

    private final SecretBlock block;
    private final int place;
    /** The lengths of the token before, which are mostly those of this one. Written only if they differ. */
    private int idDigits;

    private int secretLength;

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
        keepLengths(idLength, secretDigits);
        int secretEnd = SecretBlock.SECRET + secretDigits;
        block.copy(token, idStart, ID_END - idLength, secretEnd);
        byte[] bytes = block.bytes();
        return HexBytes.areDigits(bytes, ID_END - idLength, ID_END)
                && HexBytes.areDigits(bytes, SecretBlock.SECRET, secretEnd);
    }

    /** Takes the secret of an imported token. It has Latin-1 characters only. */
    void readSecret(String secret) {
        keepLengths(idDigits, secret.length());
        block.copy(secret, 0, SecretBlock.SECRET, SecretBlock.SECRET + secretLength);
    }

    private void keepLengths(int ofId, int ofSecret) {
        if (idDigits != ofId) {
            idDigits = ofId;
        }
        if (secretLength != ofSecret) {
            secretLength = ofSecret;
        }
    }

    /** The first half of the public id. */
    long idHigh() {
        return HexBytes.number(block.bytes(), ID_END - idDigits / 2, idDigits / 2);
    }

    /** The second half. */
    long idLow() {
        return HexBytes.number(block.bytes(), ID_END, idDigits / 2);
    }

    /** The secret as text, for hashes at rest. */
    String secret() {
        return new String(block.bytes(), SecretBlock.SECRET, secretLength, StandardCharsets.ISO_8859_1);
    }

    /** Tells whether this secret has the fingerprint of the entry. */
    boolean matches(CacheEntry entry) {
        block.hash(secretLength);
        return entry.hasFingerprint(block.word(0), block.word(1));
    }

    /** The fingerprint of the secret. */
    Fingerprint fingerprint() {
        block.hash(secretLength);
        return new Fingerprint(block.word(0), block.word(1));
    }

    /** Forgets the token. */
    void clear() {
        block.clear(secretLength);
    }
}
