package dev.apikeys.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least that a check of an API key can do: parse {@code Bearer myk_<24 hex>.<48 hex>}, find the key in a concurrent
 * map by 96 bits, one SHA-256 of the secret with a reused digest, constant-time compare, expiry by the wall clock. No
 * lease, no usage, no scopes, no owner.
 *
 * <p>One instance per thread; the map may be shared.
 */
final class Floor {
    private static final int TOKEN_START = "Bearer myk_".length();
    private static final int SECRET_START = TOKEN_START + 24 + 1;
    private static final int LENGTH = SECRET_START + 48;
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int i = 0; i < 16; i++) {
            DIGITS["0123456789abcdef".charAt(i)] = (byte) i;
        }
    }

    private final Entries entries;
    private final MessageDigest sha256 = newSha256();
    private final byte[] secret = new byte[48];
    private final byte[] digest = new byte[32];

    Floor(Entries entries) {
        this.entries = entries;
    }

    /** Where entries are looked up; one kind in each JVM, so that the call costs nothing. */
    @FunctionalInterface
    interface Entries {
        @Nullable
        Entry get(Id id);
    }

    /** 96 bits. */
    record Id(long high, int low) {
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
        private final byte[] digest;
        private final long expiresAtMillis;
        private final String owner;

        Entry(byte[] digest, long expiresAtMillis, String owner) {
            this.digest = digest;
            this.expiresAtMillis = expiresAtMillis;
            this.owner = owner;
        }
    }

    static void put(Map<Id, Entry> entries, String token, String owner) {
        String header = "Bearer " + token;
        Id id = id(header);
        if (id == null) {
            throw new IllegalArgumentException("not a token of the default format");
        }
        byte[] digest = newSha256().digest(header.substring(SECRET_START).getBytes(StandardCharsets.US_ASCII));
        entries.put(id, new Entry(digest, System.currentTimeMillis() + 3_600_000_000L, owner));
    }

    /** The owner, or null when the header opens nothing. */
    @Nullable
    String check(String header) {
        Id id = id(header);
        Entry entry = id == null ? null : entries.get(id);
        if (entry == null) {
            return null;
        }
        for (int i = 0; i < 48; i++) {
            secret[i] = (byte) header.charAt(SECRET_START + i);
        }
        try {
            sha256.update(secret, 0, secret.length);
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        boolean right = MessageDigest.isEqual(entry.digest, digest);
        return right && System.currentTimeMillis() < entry.expiresAtMillis ? entry.owner : null;
    }

    private static @Nullable Id id(String header) {
        if (header.length() != LENGTH || !header.startsWith("Bearer myk_") || header.charAt(SECRET_START - 1) != '.') {
            return null;
        }
        long high = 0;
        int low = 0;
        int invalid = 0;
        for (int i = 0; i < 16; i++) {
            int digit = digit(header.charAt(TOKEN_START + i));
            invalid |= digit;
            high = (high << 4) | digit;
        }
        for (int i = 16; i < 24; i++) {
            int digit = digit(header.charAt(TOKEN_START + i));
            invalid |= digit;
            low = (low << 4) | digit;
        }
        for (int i = SECRET_START; i < LENGTH; i++) {
            invalid |= digit(header.charAt(i));
        }
        return invalid < 0 ? null : new Id(high, low);
    }

    private static int digit(char c) {
        return c < 128 ? DIGITS[c] : -1;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
