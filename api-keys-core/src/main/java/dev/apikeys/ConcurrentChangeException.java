package dev.apikeys;

import java.util.UUID;

/** Somebody else changed the key at the same time; nothing was written. Read it again and decide anew. */
public final class ConcurrentChangeException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    ConcurrentChangeException(UUID id) {
        super("key " + id + " was changed by somebody else at the same time");
    }
}
