package dev.apikeys;

/** The owner has an active key with this name, and names were to be unique; nothing was written. */
public final class NameTakenException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    /** Without the name: it is in the request. */
    public NameTakenException() {
        super("the owner has an active key of this name");
    }
}
