package dev.apikeys.spi;

import dev.apikeys.AuditEntry;
import dev.apikeys.ExportedKey;
import dev.apikeys.spi.NewKey.NameRule;
import java.util.Objects;

/**
 * A key to import, and the conditions for it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the record in any state, with its latest use and its tokens
 * @param maxActive how many active keys of the kind its owner may have, this one included, or {@link #NO_LIMIT}; a key that
 *     is not active is not counted and not limited
 * @param names whether its name must be the only one among them
 * @param audit the entry to append in the same transaction
 */
public record KeyImport(ExportedKey key, int maxActive, NameRule names, AuditEntry audit) {
    /** The owner may have any number of active keys. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Checks that nothing is missing. */
    public KeyImport {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(audit, "audit");
    }

    /** What became of a key. */
    public enum Outcome {
        /** It was stored. */
        IMPORTED,
        /** A key of the same kind and owner has its current token already. */
        DUPLICATE,
        /** A key of another kind or owner has one of its tokens, or another key has its id. */
        CONFLICT,
        /** The owner has as many active keys as allowed. */
        LIMIT_EXCEEDED,
        /** An active key of the owner has its name. */
        NAME_TAKEN,
        /** The store can't keep a key like this one. */
        NOT_SUPPORTED
    }

    /** Tells whether the key counts, and whether anything limits it. */
    public boolean isLimited() {
        return (maxActive != NO_LIMIT || names == NameRule.UNIQUE) && key.key().countsAt(audit.at());
    }
}
