package dev.apikeys;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which audit entries to list.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class AuditFilter {
    private static final AuditFilter EVERYTHING = new AuditFilter(null, null, null, null);

    private final @Nullable KeyKind kind;
    private final @Nullable Owner owner;
    private final @Nullable AuditEvent event;
    private final @Nullable UUID keyId;

    private AuditFilter(
            @Nullable KeyKind kind, @Nullable Owner owner, @Nullable AuditEvent event, @Nullable UUID keyId) {
        this.kind = kind;
        this.owner = owner;
        this.event = event;
        this.keyId = keyId;
    }

    /** The whole trail. */
    public static AuditFilter everything() {
        return EVERYTHING;
    }

    /** Entries about keys of one kind of exactly this owner. */
    public static AuditFilter ownedBy(KeyKind kind, Owner owner) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        return new AuditFilter(kind, owner, null, null);
    }

    /** Only this event. */
    public AuditFilter event(AuditEvent event) {
        Objects.requireNonNull(event, "event");
        return new AuditFilter(kind, owner, event, keyId);
    }

    /** Only this key. */
    public AuditFilter key(UUID keyId) {
        Objects.requireNonNull(keyId, "keyId");
        return new AuditFilter(kind, owner, event, keyId);
    }

    /** The kind; empty: every kind. */
    public Optional<KeyKind> kind() {
        return Optional.ofNullable(kind);
    }

    /** The exact owner; empty: every owner. */
    public Optional<Owner> owner() {
        return Optional.ofNullable(owner);
    }

    /** The event; empty: every event. */
    public Optional<AuditEvent> event() {
        return Optional.ofNullable(event);
    }

    /** The key; empty: every key. */
    public Optional<UUID> keyId() {
        return Optional.ofNullable(keyId);
    }
}
