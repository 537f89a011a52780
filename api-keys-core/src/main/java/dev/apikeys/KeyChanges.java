package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyChange;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * Changes keys: update, pause, resume, revoke, rotate. Each reads the key, computes the next record by the record's own
 * rules, and commits it if no other call changed the key meanwhile.
 *
 * <p>Thread-safe.
 */
final class KeyChanges {
    /** Many attempts, so that an attacker who changes a key all the time can't prevent its revocation. */
    private static final int MAX_ATTEMPTS = 100;

    private final ApiKeyStore store;
    private final ChangeRules rules;
    private final CredentialMint mint;
    private final ChangeCommitter committer;
    private final Stamps stamps;

    KeyChanges(ApiKeyStore store, ChangeRules rules, CredentialMint mint, ChangeCommitter committer, Stamps stamps) {
        this.store = store;
        this.rules = rules;
        this.mint = mint;
        this.committer = committer;
        this.stamps = stamps;
    }

    /** The audit event and the key event of a change. */
    private record Kind(AuditEvent event, String reason, BiFunction<ApiKey, Actor, KeyEvent> told) {}

    ApiKey update(KeyRef ref, KeyUpdate update, Actor actor) {
        Objects.requireNonNull(update, "update");
        return change(ref, actor, new Kind(AuditEvent.UPDATED, "", KeyEvent.Updated::new), (key, now) -> {
            rules.require(key, update, now);
            return key.updated(update, now);
        });
    }

    ApiKey pause(KeyRef ref, Actor actor) {
        return change(ref, actor, new Kind(AuditEvent.UPDATED, "paused", KeyEvent.Paused::new), ApiKey::paused);
    }

    ApiKey resume(KeyRef ref, Actor actor) {
        return change(ref, actor, new Kind(AuditEvent.UPDATED, "resumed", KeyEvent.Resumed::new), ApiKey::resumed);
    }

    ApiKey revoke(KeyRef ref, Actor actor, String reason) {
        Objects.requireNonNull(reason, "reason");
        return change(ref, actor, revocation(reason), (key, now) -> key.revoked(actor, reason, now));
    }

    /** Leaves a key that is revoked already as it is. */
    ApiKey revokeUnlessRevoked(KeyRef ref, Actor actor, String reason) {
        Objects.requireNonNull(reason, "reason");
        return change(
                ref,
                actor,
                revocation(reason),
                (key, now) -> key.revocation() == null ? key.revoked(actor, reason, now) : key);
    }

    private static Kind revocation(String reason) {
        return new Kind(AuditEvent.REVOKED, reason, KeyEvent.Revoked::new);
    }

    IssuedKey rotate(KeyRef ref, Duration grace, Actor actor) {
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(actor, "actor");
        Instant now = stamps.now();
        ApiKey before = read(ref);
        CredentialMint.Minted minted = mint.mint();
        ApiKey after = before.rotated(minted.stored().publicId(), now);
        rules.grants().requireActive(before.owner());
        KeyChange.Rotation rotation = new KeyChange.Rotation(minted.stored().hash(), before.graceEnd(grace, now));
        AuditEntry audit = stamps.audit(after, AuditEvent.ROTATED, "", actor, now);
        KeyChange change = new KeyChange(before, after, rotation, audit);
        // Not tried again: if two callers rotate at once, one of them must learn that the new token belongs to the
        // other.
        if (!committer.apply(change, () -> new KeyEvent.Rotated(after, actor))) {
            throw new ConcurrentChangeException(ref.id());
        }
        return new IssuedKey(after, minted.token());
    }

    private ApiKey change(KeyRef ref, Actor actor, Kind kind, BiFunction<ApiKey, Instant, ApiKey> step) {
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(actor, "actor");
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Instant now = stamps.now();
            ApiKey before = read(ref);
            ApiKey after = step.apply(before, now);
            if (after.version() == before.version()) {
                return before;
            }
            AuditEntry audit = stamps.audit(after, kind.event(), kind.reason(), actor, now);
            KeyChange change = new KeyChange(before, after, null, audit);
            if (committer.apply(change, () -> kind.told().apply(after, actor))) {
                return after;
            }
        }
        throw new ConcurrentChangeException(ref.id());
    }

    private ApiKey read(KeyRef ref) {
        return store.find(ref.id(), ref.within()).orElseThrow(() -> new KeyNotFoundException(ref.id()));
    }
}
