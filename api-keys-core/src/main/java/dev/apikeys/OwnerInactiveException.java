package dev.apikeys;

/** The owner is suspended or unknown and can't get keys. Nothing was written. */
public final class OwnerInactiveException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    OwnerInactiveException() {
        super("the owner is not active");
    }
}
