package dev.apikeys;

import java.util.Objects;

/** The store could not be asked, or not in time. It says nothing about a token. Over HTTP it is a 503. */
public final class StoreUnavailableException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    /** What is known besides that the store failed. */
    private enum Detail {
        NONE,
        TIMED_OUT,
        OUTCOME_UNKNOWN
    }

    private final Detail detail;

    /** The message says what could not be done, without SQL statements or values. */
    public StoreUnavailableException(String message, Throwable cause) {
        this(message, cause, Detail.NONE);
    }

    /** The message says what could not be done, without SQL statements or values. */
    public StoreUnavailableException(String message) {
        super(Objects.requireNonNull(message, "message"));
        this.detail = Detail.NONE;
    }

    private StoreUnavailableException(String message, Throwable cause, Detail detail) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
        this.detail = detail;
    }

    /** Says what the store was asked and did not finish within the time that it had. */
    public static StoreUnavailableException timedOut(String message, Throwable cause) {
        return new StoreUnavailableException(message, cause, Detail.TIMED_OUT);
    }

    /** Tells whether the store was there and took too long; false when it isn't known. */
    public boolean isTimeout() {
        return detail == Detail.TIMED_OUT;
    }

    /** Says which change may have been carried out or not, because the store never answered and could not be asked. */
    public static StoreUnavailableException outcomeUnknown(String message, Throwable cause) {
        return new StoreUnavailableException(message, cause, Detail.OUTCOME_UNKNOWN);
    }

    /**
     * Tells whether the change that the call was to make may have been carried out all the same; look at the key before
     * you repeat it. False when it certainly was not, and for calls that change nothing.
     */
    public boolean isOutcomeUnknown() {
        return detail == Detail.OUTCOME_UNKNOWN;
    }
}
