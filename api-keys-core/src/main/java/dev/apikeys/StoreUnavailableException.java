package dev.apikeys;

/** The store could not be asked, or not in time. Never a statement about a token: over HTTP it is a 503. */
public final class StoreUnavailableException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    /** Says what could not be done, without statements or values. */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says what could not be done, without statements or values. */
    public StoreUnavailableException(String message) {
        super(message);
    }
}
