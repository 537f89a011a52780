package dev.apikeys;

/** The owner is suspended or gone and gets no keys; nothing was written. */
public final class OwnerInactiveException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    OwnerInactiveException() {
        super("the owner is not active");
    }
}
