package dev.apikeys;

import java.util.UUID;

/** Another call changed the key at the same time, and nothing was written. Read the key again, then decide again. */
public final class ConcurrentChangeException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    ConcurrentChangeException(UUID id) {
        super("key " + id + " was changed by somebody else at the same time");
    }
}
