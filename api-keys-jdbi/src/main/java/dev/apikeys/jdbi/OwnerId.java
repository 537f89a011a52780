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
 * One short ASCII text for kind and owner together. Three columns of other people's text would make long indexes, and
 * compare differently from one database's collation to the next; this compares the same everywhere.
 *
 * <p>It is the first half of SHA-256: to be taken for another owner, somebody would have to hit the 128 bits of that
 * owner. Each part is preceded by its length, and an absent part by a length that no text has, so that no two owners
 * give the same input.
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
