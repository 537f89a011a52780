package dev.apikeys.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least that a check of an API key can do: parse {@code Bearer myk_<24 hex>.<48 hex>}, find the key in a concurrent
 * map by 96 bits, one SHA-256 of the secret with a reused digest, constant-time compare, expiry by the wall clock. No
 * lease, no usage, no scopes, no owner.
 *
 * <p>The header is copied once, as Latin-1. Its digits are read and checked eight at a time, the map is asked with one
 * reused object, and the digests are compared as four numbers. A header with characters beyond Latin-1 is not told from
 * one whose characters have the same lowest bytes: the library tells them apart.
 *
 * <p>One instance per thread; the map may be shared.
 */
final class Floor {
    private static final int TOKEN_START = "Bearer myk_".length();
    private static final int SECRET_START = TOKEN_START + 24 + 1;
    private static final int LENGTH = SECRET_START + 48;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;

    private final Entries entries;
    private final MessageDigest sha256 = newSha256();
    private final byte[] bytes = new byte[LENGTH];
    private final byte[] digest = new byte[32];
    private final Id probe = new Id();

    Floor(Entries entries) {
        this.entries = entries;
    }

    /** Where entries are looked up; one kind in each JVM, so that the call costs nothing. */
    @FunctionalInterface
    interface Entries {
        @Nullable
        Entry get(Id id);
    }

    /** 96 bits. Those of a key in a map never change. */
    static final class Id {
        private long high;
        private int low;

        @Override
        public int hashCode() {
            return (int) (high ^ (high >>> 32)) ^ low;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Id that && high == that.high && low == that.low;
        }
    }

    /** What is known of a key. */
    static final class Entry {
        private final long[] digest;
        private final long expiresAtMillis;
        private final String owner;

        Entry(byte[] digest, long expiresAtMillis, String owner) {
            this.digest = new long[] {word(digest, 0), word(digest, 1), word(digest, 2), word(digest, 3)};
            this.expiresAtMillis = expiresAtMillis;
            this.owner = owner;
        }
    }

    static void put(Map<Id, Entry> entries, String token, String owner) {
        Floor reader = new Floor(id -> null);
        if (!reader.read("Bearer " + token)) {
            throw new IllegalArgumentException("not a token of the default format");
        }
        byte[] digest =
                newSha256().digest(token.substring(token.indexOf('.') + 1).getBytes(StandardCharsets.US_ASCII));
        entries.put(reader.probe, new Entry(digest, System.currentTimeMillis() + 3_600_000_000L, owner));
    }

    /** The owner, or null when the header opens nothing. */
    @Nullable
    String check(String header) {
        Entry entry = read(header) ? entries.get(probe) : null;
        if (entry == null) {
            return null;
        }
        try {
            sha256.update(bytes, SECRET_START, 48);
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        long[] right = entry.digest;
        long difference = (right[0] ^ word(digest, 0))
                | (right[1] ^ word(digest, 1))
                | (right[2] ^ word(digest, 2))
                | (right[3] ^ word(digest, 3));
        return difference == 0 && System.currentTimeMillis() < entry.expiresAtMillis ? entry.owner : null;
    }

    @SuppressWarnings("deprecation") // Copies Latin-1 characters in bulk.
    private boolean read(String header) {
        if (header.length() != LENGTH || !header.startsWith("Bearer myk_") || header.charAt(SECRET_START - 1) != '.') {
            return false;
        }
        header.getBytes(TOKEN_START, LENGTH, bytes, TOKEN_START);
        long first = digits(TOKEN_START);
        long second = digits(TOKEN_START + 8);
        long third = digits(TOKEN_START + 16);
        long invalid = first | second | third;
        for (int at = SECRET_START; at < LENGTH; at += 8) {
            invalid |= digits(at);
        }
        if ((invalid & 0xF0F0_F0F0_F0F0_F0F0L) != 0) {
            return false;
        }
        probe.high = (packed(first) << 32) | packed(second);
        probe.low = (int) packed(third);
        return true;
    }

    /** The values of eight digits, a byte each, with a bit among the upper four of each byte that is no digit. */
    private long digits(int at) {
        long text = (long) LONGS.get(bytes, at);
        long value = (text & (0x0F * EACH)) + 9 * ((text >>> 6) & EACH);
        long isLetter = ((value + 0x76 * EACH) >>> 7) & EACH;
        return value | ((value + 0x30 * EACH + 0x27 * isLetter) ^ text);
    }

    /** The lower halves of eight bytes, side by side. */
    private static long packed(long digits) {
        long pairs = (digits | (digits >>> 4)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs | (pairs >>> 8)) & 0x0000_FFFF_0000_FFFFL;
        return (fours | (fours >>> 16)) & 0xFFFF_FFFFL;
    }

    private static long word(byte[] digest, int index) {
        return (long) LONGS.get(digest, index * Long.BYTES);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
