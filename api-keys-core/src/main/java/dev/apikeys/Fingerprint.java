package dev.apikeys;

/** The first 128 bits of a digest. */
record Fingerprint(long a, long b) {
    /** Shows that there is one, but not its value. */
    @Override
    public String toString() {
        return "Fingerprint[***]";
    }
}
