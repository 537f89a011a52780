package dev.apikeys;

import java.util.UUID;

/** The state of the key doesn't allow the change, and nothing was written. */
public final class InvalidKeyStateException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final transient ApiKey.Status status;

    InvalidKeyStateException(UUID id, ApiKey.Status status, String verb) {
        super("key " + id + " is " + status + " and cannot be " + verb);
        this.status = status;
    }

    /** The status of the key at the time of the call. */
    public ApiKey.Status status() {
        return status;
    }
}
