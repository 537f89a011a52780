package dev.apikeys;

/** The host's owner directory failed, so nothing can be decided about keys of this owner. This is not a rejection. */
public final class OwnerDirectoryUnavailableException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    OwnerDirectoryUnavailableException(Throwable cause) {
        super("the owner directory failed", cause);
    }
}
