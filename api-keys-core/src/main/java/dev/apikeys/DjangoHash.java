package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Password hashes as Django's hashers write them, put into the form that says by itself how it was made. Django names
 * its hasher first: {@code argon2$argon2id$v=19$…}, {@code bcrypt$$2b$…}, {@code pbkdf2_sha256$<iterations>$<salt>$<hash>}.
 */
final class DjangoHash {
    private static final String PBKDF2 = "pbkdf2_sha256$";
    private static final String ARGON2 = "argon2$";
    private static final String BCRYPT = "bcrypt$";
    private static final Pattern BROKEN = Pattern.compile("(?:unsalted_)?(md5|sha1)\\$");
    private static final int OUTPUT_BITS = 256;

    private DjangoHash() {}

    /**
     * The hash in its plain form; the same text if Django didn't write it.
     *
     * @throws IllegalArgumentException if it can't be read, or is one of MD5 or SHA-1
     */
    static String plain(String hash) {
        Matcher broken = BROKEN.matcher(hash);
        if (broken.lookingAt()) {
            throw TokenDigest.refused(broken.group(1).equals("md5") ? "MD5" : "SHA-1");
        }
        if (hash.startsWith(ARGON2)) {
            return hash.substring(ARGON2.length() - 1);
        }
        if (hash.startsWith(BCRYPT)) {
            return hash.substring(BCRYPT.length());
        }
        return hash.startsWith(PBKDF2) ? pbkdf2(hash) : hash;
    }

    /** {@code $<algorithm>$<iterations and bits>$<salt>$<hash>}, as Password4j reads it. */
    private static String pbkdf2(String hash) {
        String[] parts = hash.substring(PBKDF2.length()).split("\\$", -1);
        if (parts.length != 3 || !parts[0].matches("[1-9][0-9]{0,8}") || parts[1].isEmpty()) {
            throw new IllegalArgumentException("Django's PBKDF2 hash can't be read; it isn't shown here");
        }
        long parameters = (Long.parseLong(parts[0]) << Integer.SIZE) | OUTPUT_BITS;
        String salt = Base64.getEncoder().encodeToString(parts[1].getBytes(StandardCharsets.UTF_8));
        return "$3$" + parameters + "$" + salt + "$" + parts[2];
    }
}
