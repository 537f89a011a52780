package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.NameRule;

/**
 * A key to be stored, and the conditions for it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the record
 * @param hash the hash of its secret
 * @param maxActive how many active keys of the kind its owner may have, this one included
 * @param names whether its name must be the only one among them
 * @param audit the entry to append in the same transaction
 */
public record NewKey(ApiKey key, SecretHash hash, int maxActive, NameRule names, AuditEntry audit) {}
