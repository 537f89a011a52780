package dev.apikeys;

/**
 * A token that was just made, with its parts.
 *
 * <p>Immutable and thread-safe.
 */
record MintedToken(Token token, String publicId, String secret) {
    /** The public id alone. */
    @Override
    public String toString() {
        return "MintedToken[" + publicId + "]";
    }
}
