package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
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
        /**
         * Another key has its id or one of its earlier tokens, a key of another kind or owner has its current token, or its
         * current token is there with another secret.
         */
        CONFLICT,
        /** The owner has as many active keys as allowed. */
        LIMIT_EXCEEDED,
        /** An active key of the owner has its name. */
        NAME_TAKEN,
        /** The store can't import a key like this one: one with an earlier token in grace. */
        NOT_SUPPORTED
    }

    /**
     * What becomes of the key, because a stored key has its current token: {@link Outcome#DUPLICATE}, or
     * {@link Outcome#CONFLICT} if that key is of another kind or owner, or certainly has another secret.
     *
     * @param hash the stored hash of the token
     */
    public Outcome beside(KeyKind kind, Owner owner, SecretHash hash) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(hash, "hash");
        ApiKey own = key.key();
        boolean isSame = kind == own.kind()
                && owner.equals(own.owner())
                && !hash.isOfAnotherSecretThan(key.currentToken().hash());
        return isSame ? Outcome.DUPLICATE : Outcome.CONFLICT;
    }

    /** As {@link #beside(KeyKind, Owner, SecretHash)}, when the other key is imported before. */
    public Outcome beside(ExportedKey earlier) {
        Objects.requireNonNull(earlier, "earlier");
        ApiKey other = earlier.key();
        return beside(other.kind(), other.owner(), earlier.currentToken().hash());
    }

    /** Tells whether the key counts, and whether anything limits it. */
    public boolean isLimited() {
        return (maxActive != NO_LIMIT || names == NameRule.UNIQUE) && key.key().countsAt(audit.at());
    }
}
