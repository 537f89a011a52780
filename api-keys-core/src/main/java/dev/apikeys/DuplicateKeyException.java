package dev.apikeys;

import java.util.Objects;
import java.util.UUID;

/** The store already has this key id or public id, and nothing was written. */
public final class DuplicateKeyException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    /** Names the id that is taken. */
    public DuplicateKeyException(UUID id) {
        super("key " + Objects.requireNonNull(id, "id") + " or its public id is taken");
    }
}
