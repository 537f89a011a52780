package dev.apikeys;

/** The owner has as many active keys as the policy allows, and nothing was written. */
public final class KeyLimitExceededException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final int limit;

    /** Names the limit that is reached. */
    public KeyLimitExceededException(int limit) {
        super("the owner has the " + limit + " active keys that are allowed");
        this.limit = limit;
    }

    /** How many active keys the owner may have. */
    public int limit() {
        return limit;
    }
}
