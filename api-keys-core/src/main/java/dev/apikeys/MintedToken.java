package dev.apikeys;

/**
 * A new token with its parts.
 *
 * <p>Immutable and thread-safe.
 */
record MintedToken(Token token, String publicId, String secret) {
    /** Shows the public id only. */
    @Override
    public String toString() {
        return "MintedToken[" + publicId + "]";
    }
}
