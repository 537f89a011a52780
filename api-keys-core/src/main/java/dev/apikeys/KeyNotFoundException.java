package dev.apikeys;

import java.util.UUID;

/** No key with this id among those that the caller may see. */
public final class KeyNotFoundException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    KeyNotFoundException(UUID id) {
        super("no key " + id);
    }
}
