package dev.apikeys;

import java.security.MessageDigest;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The key with which another system made HMACs of its tokens. Like a {@link Pepper} it belongs to the configuration and
 * not to the database: a stored hash names it by its id only.
 *
 * <p>Immutable and thread-safe.
 *
 * @see KeyServiceBuilder#importedHmacKey
 */
public final class ImportedHmacKey {
    /** Shortest key, in bytes: 128 bits. */
    public static final int MIN_BYTES = 16;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    private final String id;
    /** Transient, so that nothing that writes fields writes it. */
    private final transient byte[] key;

    private ImportedHmacKey(String id, byte[] key) {
        this.id = id;
        this.key = key;
    }

    /**
     * A key from its bytes.
     *
     * @param id names the key in stored hashes: 1 to 32 letters, digits, {@code . _ -}; never reuse one
     * @param key at least {@value #MIN_BYTES} bytes; copied
     * @throws IllegalArgumentException if the id is not valid, or the key is too short
     */
    public static ImportedHmacKey of(String id, byte[] key) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("the id of an HMAC key has 1 to 32 letters, digits, '.', '_' or '-'");
        }
        if (key.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "the HMAC key '" + id + "' has " + key.length + " bytes, at least " + MIN_BYTES + " are needed");
        }
        return new ImportedHmacKey(id, key.clone());
    }

    /** The name of the key in stored hashes. */
    public String id() {
        return id;
    }

    byte[] key() {
        return key;
    }

    boolean isSame(ImportedHmacKey other) {
        return id.equals(other.id) && MessageDigest.isEqual(key, other.key);
    }

    /** Shows the id only. */
    @Override
    public String toString() {
        return "ImportedHmacKey[" + id + "]";
    }
}
