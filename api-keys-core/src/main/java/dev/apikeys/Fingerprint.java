package dev.apikeys;

/** 256 bits of a digest. */
record Fingerprint(long a, long b, long c, long d) {
    /** Shows that there is one, but not its value. */
    @Override
    public String toString() {
        return "Fingerprint[***]";
    }
}
