package dev.apikeys;

import dev.apikeys.ApiKey.Revocation;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the append-only audit trail. Name and mode are those at the time of the event.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id orders entries of one node in time (UUID version 7, RFC 9562)
 * @param keyId the key
 * @param kind the key's kind
 * @param owner the key's owner
 * @param event what happened
 * @param reason why: for {@link AuditEvent#AUTH_FAILED} and {@link AuditEvent#RATE_LIMITED} the name of the
 *     {@link Rejection}, else in the actor's or the library's words; at most 255 characters; may be empty
 * @param keyName the key's name
 * @param keyMode the key's mode, or null when it has named scopes
 * @param actor the id of the person or program; for a rejected token the owner's id
 * @param request where the call came from
 * @param at when, to the millisecond
 */
public record AuditEntry(
        UUID id,
        UUID keyId,
        KeyKind kind,
        Owner owner,
        AuditEvent event,
        String reason,
        String keyName,
        @Nullable Mode keyMode,
        String actor,
        ClientRequest request,
        Instant at) {
    /** Cuts the reason to length and replaces control characters by U+FFFD. */
    public AuditEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(keyName, "keyName");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(at, "at");
        reason = Text.printable(reason, Revocation.MAX_REASON_LENGTH);
    }

    /** Why the token was rejected; empty for every event but {@code AUTH_FAILED} and {@code RATE_LIMITED}. */
    public Optional<Rejection> rejection() {
        return event == AuditEvent.AUTH_FAILED || event == AuditEvent.RATE_LIMITED
                ? Arrays.stream(Rejection.values())
                        .filter(known -> known.name().equals(reason))
                        .findFirst()
                : Optional.empty();
    }

    static AuditEntry of(UUID id, ApiKey key, AuditEvent event, String reason, Actor actor, Instant now) {
        Mode mode = key.grant() instanceof Grant.ByMode byMode ? byMode.mode() : null;
        return new AuditEntry(
                id,
                key.id(),
                key.kind(),
                key.owner(),
                event,
                reason,
                key.name(),
                mode,
                actor.id(),
                actor.request(),
                ApiKey.millis(now));
    }
}
