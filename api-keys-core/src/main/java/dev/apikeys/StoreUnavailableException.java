package dev.apikeys;

import java.util.Objects;

/** The store could not be asked, or not in time. Never a statement about a token: over HTTP it is a 503. */
public final class StoreUnavailableException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final boolean timedOut;

    /** Says what could not be done, without statements or values. */
    public StoreUnavailableException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** Says what could not be done, without statements or values. */
    public StoreUnavailableException(String message) {
        super(Objects.requireNonNull(message, "message"));
        this.timedOut = false;
    }

    private StoreUnavailableException(String message, Throwable cause, boolean timedOut) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
        this.timedOut = timedOut;
    }

    /** Says what the store was asked and did not finish within the time that it had. */
    public static StoreUnavailableException timedOut(String message, Throwable cause) {
        return new StoreUnavailableException(message, cause, true);
    }

    /** Tells whether the store was there and took too long; false when it isn't known. */
    public boolean isTimeout() {
        return timedOut;
    }
}
