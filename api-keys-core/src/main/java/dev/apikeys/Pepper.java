package dev.apikeys;

import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A secret of the deployment that is part of every hash, so that a stolen table alone verifies nothing. Keep it outside
 * the database.
 *
 * <p>Immutable and thread-safe.
 */
public final class Pepper {
    /** Shortest pepper, in bytes: the output length of the hash (RFC 2104 §3). */
    public static final int MIN_BYTES = 32;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    private final String id;
    /** Transient, so that nothing that writes fields writes it. */
    private final transient byte[] key;

    private Pepper(String id, byte[] key) {
        this.id = id;
        this.key = key;
    }

    /**
     * A pepper from its bytes.
     *
     * @param id names the pepper in stored hashes: 1 to 32 letters, digits, {@code . _ -}; never reuse one
     * @param key at least {@value #MIN_BYTES} random bytes; copied
     * @throws IllegalArgumentException if the id is not valid, or the key is missing or too short
     */
    public static Pepper of(String id, byte @Nullable [] key) {
        Objects.requireNonNull(id, "id");
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a pepper's id has 1 to 32 letters, digits, '.', '_' or '-'");
        }
        if (key == null || key.length == 0) {
            throw new IllegalArgumentException("pepper '" + id + "' is missing: configure at least " + MIN_BYTES
                    + " random bytes, or no pepper at all");
        }
        if (key.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "pepper '" + id + "' has " + key.length + " bytes, at least " + MIN_BYTES + " are needed");
        }
        return new Pepper(id, key.clone());
    }

    /**
     * A pepper from Base64 text, as configuration usually holds it.
     *
     * @param id as in {@link #of}
     * @param base64 the key in Base64 (RFC 4648 §4); null or blank if the setting is missing
     * @throws IllegalArgumentException if the id is not valid, or the key is missing, not Base64, or too short
     */
    public static Pepper ofBase64(String id, @Nullable String base64) {
        Objects.requireNonNull(id, "id");
        if (base64 == null || base64.isBlank()) {
            return of(id, null);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException notBase64) {
            // Without the cause, because its message quotes the configured value.
            throw new IllegalArgumentException("pepper '" + id + "' is not Base64");
        }
        return of(id, key);
    }

    /** The name of the pepper in stored hashes. */
    public String id() {
        return id;
    }

    byte[] key() {
        return key;
    }

    /** Shows the id only. */
    @Override
    public String toString() {
        return "Pepper[" + id + "]";
    }
}
