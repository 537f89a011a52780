package dev.apikeys.password4j;

import com.password4j.types.Bcrypt;
import com.password4j.types.Hmac;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that a kind of password hash can tell apart. Outside this range two inputs may have the same hash:
 *
 * <ul>
 *   <li>bcrypt cuts at 72 bytes, so an input of 72 bytes has the same hash as longer inputs that begin with it. It
 *       repeats shorter inputs with a NUL after each, so {@code "a"} has the same hash as {@code "a\0a"};
 *   <li>{@code $2x$} treats bytes over 127 as negative numbers, which erase the bytes before them;
 *   <li>HMAC, within PBKDF2 and scrypt, fills its key with NUL up to one block, and replaces a longer key by its digest;
 *   <li>half of a surrogate pair has no UTF-8 form, and encoders write a question mark instead. This concerns every kind.
 * </ul>
 */
enum InputRange {
    /** Argon2 includes the length of its input. */
    ANY(Integer.MAX_VALUE, 0x00, 0xFF),
    BCRYPT(71, 0x01, 0xFF),
    BCRYPT_WITH_SIGNED_BYTES(71, 0x01, 0x7F),
    HMAC_BLOCK_OF_64(64, 0x01, 0xFF),
    HMAC_BLOCK_OF_128(128, 0x01, 0xFF);

    private final int maxBytes;
    private final int leastByte;
    private final int greatestByte;

    InputRange(int maxBytes, int leastByte, int greatestByte) {
        this.maxBytes = maxBytes;
        this.leastByte = leastByte;
        this.greatestByte = greatestByte;
    }

    static InputRange of(Bcrypt type) {
        return type == Bcrypt.X ? BCRYPT_WITH_SIGNED_BYTES : BCRYPT;
    }

    static InputRange of(Hmac hmac) {
        return switch (hmac) {
            case SHA1, SHA224, SHA256 -> HMAC_BLOCK_OF_64;
            case SHA384, SHA512 -> HMAC_BLOCK_OF_128;
        };
    }

    int maxBytes() {
        return maxBytes;
    }

    /** The input in UTF-8; null if it is outside the range. */
    byte @Nullable [] encode(String input) {
        ByteBuffer encoded;
        try {
            // A new encoder reports characters that it can't encode.
            CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
            encoded = encoder.encode(CharBuffer.wrap(input));
        } catch (CharacterCodingException unpairedSurrogate) {
            return null;
        }
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return contains(bytes) ? bytes : null;
    }

    private boolean contains(byte[] bytes) {
        if (bytes.length > maxBytes) {
            return false;
        }
        for (byte one : bytes) {
            int unsigned = Byte.toUnsignedInt(one);
            if (unsigned < leastByte || unsigned > greatestByte) {
                return false;
            }
        }
        return true;
    }
}
