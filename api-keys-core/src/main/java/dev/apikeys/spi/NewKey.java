package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import java.util.Objects;

/**
 * A key to store, and the conditions for it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the record
 * @param hash the hash of its secret
 * @param maxActive how many active keys of the kind its owner may have, this one included
 * @param names whether its name must be the only one among them
 * @param audit the entry to append in the same transaction
 */
public record NewKey(ApiKey key, SecretHash hash, int maxActive, NameRule names, AuditEntry audit) {
    /** Checks that nothing is missing. */
    public NewKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(audit, "audit");
    }

    /** Whether an owner may have two active keys of one kind and one name. */
    public enum NameRule {
        /** Several keys may have the same name. */
        ANY,
        /** Two active keys of one owner and kind never have the same name, compared exactly. */
        UNIQUE
    }
}
