package dev.apikeys.password4j;

/**
 * What a stored hash may ask for. A hash says itself how much work it is, and one of 2<sup>31</sup> rounds would never end.
 * Each upper bound is about ten seconds of one core, except where another reason is given. The lower bounds are those of the
 * functions: with less, no input has the hash.
 */
enum HashBound {
    /** The least is bcrypt's own (Provos and Mazières, 1999). One more doubles the time; 10 to 12 are usual. */
    BCRYPT_COST("bcrypt has a cost", 4, 16),

    /** RFC 9106, section 3.1, allows 2<sup>32</sup> - 1; section 4 recommends 1 or 3. */
    ARGON2_PASSES("Argon2 has a number of passes (t)", 1, 64),

    /** RFC 9106, section 3.1, allows 2<sup>24</sup> - 1; section 4 recommends 4. */
    ARGON2_LANES("Argon2 has a number of lanes (p)", 1, 64),

    /** RFC 9106, section 3.1, allows 2<sup>32</sup> - 1; section 4 recommends 64 MiB, or 2 GiB, which is too much here. */
    ARGON2_MEMORY("Argon2 has a memory in KiB (m)", 8, Memory.MOST / 1024),

    /** RFC 9106, section 3.1. */
    ARGON2_LANE_MEMORY("Argon2 has a memory in KiB for each lane (m/p)", 8, Memory.MOST / 1024),

    /** What is written in all passes; 4 GiB are what libsodium calls sensitive. */
    ARGON2_WORK("Argon2 has a memory times passes (m·t)", 8, 4L * 1024 * 1024),

    /** RFC 7914, section 2: N is greater than 1 and a power of two. Password4j writes its exponent. */
    SCRYPT_EXPONENT("scrypt has an exponent of N", 1, 23),

    /** RFC 7914, section 2. Password4j has 8 bits for it, and uses 8. */
    SCRYPT_BLOCK("scrypt has a block size (r)", 1, 255),

    /** RFC 7914, section 2. Password4j has 8 bits for it, and uses 1. */
    SCRYPT_LANES("scrypt has a parallelization (p)", 1, 255),

    /** One lane after the other takes the memory. The usual scrypt takes 16 to 128 MiB (RFC 7914; OWASP, 2023). */
    SCRYPT_WORK("scrypt has a number of bytes (128·N·r·p)", 256, Memory.MOST),

    /** OWASP recommends 600,000 with SHA-256 (2023). Each further block of the output takes as many again. */
    PBKDF2_ITERATIONS("PBKDF2 has a number of iterations times blocks", 1, 10_000_000);

    private final String subject;
    private final long least;
    private final long most;

    HashBound(String subject, long least, long most) {
        this.subject = subject;
        this.least = least;
        this.most = most;
    }

    /** Of its own, because the constants need it. */
    private static final class Memory {
        /** In bytes: 1 GiB, and less on a small heap, of which Argon2 takes twice as much. */
        static final long MOST = mostMemory(Runtime.getRuntime().maxMemory());
    }

    /** On a heap of so many bytes: on one of 256 MiB the usual hashes of 64 MiB can be computed. */
    static long mostMemory(long heap) {
        return Math.min(1L << 30, heap / 2);
    }

    /**
     * The same value.
     *
     * @throws UnsupportedHashException if it is out of bounds
     */
    int require(long value) {
        if (value < least || value > most) {
            throw new UnsupportedHashException(subject + " of " + least + " to " + most + " here, not " + value);
        }
        return Math.toIntExact(value);
    }
}
