package dev.apikeys;

import dev.apikeys.spi.SecretHash;

/** How a hash at rest is checked. The beginning of its text tells. */
enum HashKind {
    /** A scheme of {@link SecretHasher}. Every text that is of no other kind is treated as one, and matches no secret. */
    OWN,
    /** A fast hash of another system, as {@link ImportedHashes} keeps it. */
    IMPORTED,
    /** A password hash of a secret of at least 128 random bits, to be replaced. */
    GENERATED,
    /** A password hash, to be kept. */
    PASSWORD;

    private static final String GENERATED_SCHEME = "generated$";

    static HashKind of(SecretHash hash) {
        String encoded = hash.encoded();
        if (encoded.startsWith(ImportedHashes.SCHEME)) {
            return IMPORTED;
        }
        if (encoded.startsWith(GENERATED_SCHEME)) {
            return GENERATED;
        }
        // Or with the name of an encoder in braces, as Spring Security stores it.
        return encoded.startsWith("$") || encoded.startsWith("{") ? PASSWORD : OWN;
    }

    /** Tells whether checking such a hash takes long. */
    boolean isSlow() {
        return this == GENERATED || this == PASSWORD;
    }

    /** The stored text for a password hash that may be replaced. */
    static SecretHash generated(SecretHash password) {
        return new SecretHash(GENERATED_SCHEME + password.encoded());
    }

    /** The text of the password hash in a slow hash at rest. */
    static String password(SecretHash slow) {
        String encoded = slow.encoded();
        return encoded.startsWith(GENERATED_SCHEME) ? encoded.substring(GENERATED_SCHEME.length()) : encoded;
    }
}
