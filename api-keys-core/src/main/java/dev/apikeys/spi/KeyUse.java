package dev.apikeys.spi;

import dev.apikeys.ApiKey.LastUse;
import java.util.UUID;

/**
 * The latest use of one key, to be stored unless a later one is stored already.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keyId the key
 * @param use when and from where
 */
public record KeyUse(UUID keyId, LastUse use) {}
