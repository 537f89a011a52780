package dev.apikeys;

import java.util.Objects;
import java.util.UUID;

/**
 * Names one key for a change, and limits the keys among which the caller may look. A key outside that limit is not
 * found.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the key id
 * @param within the keys that the caller may see
 */
public record KeyRef(UUID id, KeyFilter within) {
    /** Checks that nothing is missing. */
    public KeyRef {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(within, "within");
    }

    /** The key with this id, of any owner; for calls that the host itself makes. */
    public static KeyRef of(UUID id) {
        return new KeyRef(id, KeyFilter.everything());
    }

    /** The key with this id if it is one of the owner's keys of the kind. */
    public static KeyRef ownedBy(UUID id, KeyKind kind, Owner owner) {
        return new KeyRef(id, KeyFilter.ownedBy(kind, owner));
    }
}
