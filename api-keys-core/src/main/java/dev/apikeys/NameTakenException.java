package dev.apikeys;

/** The owner has an active key with this name, and the new name has to be unique. Nothing was written. */
public final class NameTakenException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    /** The message doesn't contain the name. */
    public NameTakenException() {
        super("the owner has an active key of this name");
    }
}
