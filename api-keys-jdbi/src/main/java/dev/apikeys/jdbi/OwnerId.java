package dev.apikeys.jdbi;

import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One short ASCII text for kind and owner together. Three text columns would make long indexes, and each database would
 * compare them by its own collation. This text compares the same on every database.
 *
 * <p>It is the first half of SHA-256. To be mistaken for another owner, an owner would need the same 128 bits. Each
 * part is preceded by its length, and an absent part by a length that no text has, so two owners never give the same
 * input.
 */
final class OwnerId {
    private static final int BYTES = 16;
    private static final int ABSENT = -1;

    private OwnerId() {}

    static String of(KeyKind kind, Owner owner) {
        MessageDigest digest = sha256();
        add(digest, kind.name());
        add(digest, owner.user());
        add(digest, owner.organization());
        add(digest, owner.workspace());
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
    }

    private static void add(MessageDigest digest, @Nullable String part) {
        if (part == null) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, ABSENT));
            return;
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
