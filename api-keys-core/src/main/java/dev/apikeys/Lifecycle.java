package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.SecretHash;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issue, update, rotate, revoke, pause, resume: each computes the next record by the record's own rules and hands it to
 * the store as one compare-and-set; then the own cache forgets the key, then the listeners are told.
 *
 * <p>Thread-safe.
 */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    /** Many, because nobody must be able to keep a key from being revoked by changing it all the time. */
    private static final int ATTEMPTS = 100;

    private final ApiKeyStore store;
    private final KeyPolicy policy;
    private final ScopePolicy scopePolicy;
    private final TokenFormat format;
    private final Lease time;
    private final SecureRandom random;
    private final List<KeyEventListener> listeners;
    private final KeyCache cache;
    private final SecretHasher hasher;
    private final SlowSecretCheck slowHashes;
    private final OwnerStates owners;
    private final TimeOrderedIds auditIds;

    Lifecycle(
            KeyServiceBuilder settings,
            KeyCache cache,
            SecretHasher hasher,
            SlowSecretCheck slowHashes,
            OwnerStates owners,
            Lease time,
            TimeOrderedIds auditIds) {
        this.store = settings.store;
        this.policy = settings.policy;
        this.scopePolicy = settings.scopePolicy;
        this.format = settings.format;
        this.time = time;
        this.random = settings.random;
        this.listeners = List.copyOf(settings.listeners);
        this.cache = cache;
        this.hasher = hasher;
        this.slowHashes = slowHashes;
        this.owners = owners;
        this.auditIds = auditIds;
    }

    IssuedKey issue(KeySpec spec) {
        Token token = format.mint(random);
        String publicId = format.publicIdOf(token);
        return new IssuedKey(add(spec, publicId, hasher.hash(publicId, format.secretOf(token)), ""), token);
    }

    ApiKey importKey(KeySpec spec, ImportedToken token) {
        slowHashes.requireSupported(token.hash());
        return add(spec, format.text(format.importedId(token.lookup())), token.hash(), "imported");
    }

    private ApiKey add(KeySpec spec, String publicId, SecretHash hash, String reason) {
        String name = spec.name().orElseThrow(() -> missing("name", "named(…)"));
        Grant grant = spec.grant().orElseThrow(() -> missing("grant", "mode(…) or scopes(…)"));
        Instant now = time.now();
        Instant expiresAt = policy.expiry(spec, now);
        requireGrantable(spec.owner(), grant);
        ApiKey key = new ApiKey(
                UUID.randomUUID(),
                publicId,
                spec.kind(),
                spec.owner(),
                name,
                grant,
                spec.allowedFrom(),
                spec.traits(),
                now,
                spec.creator().id(),
                expiresAt,
                null,
                null,
                null,
                McpSessions.NONE,
                1);
        AuditEntry audit = AuditEntry.of(auditIds.next(), key, AuditEvent.CREATED, reason, spec.creator(), now);
        store.insert(new NewKey(key, hash, policy.maxActive(spec.kind()), spec.nameRule(), audit));
        cache.forget(Set.of(publicId));
        tell(new KeyEvent.Issued(key, spec.creator()));
        return key;
    }

    ApiKey update(KeyRef ref, KeyUpdate update, Actor actor) {
        return change(ref, actor, AuditEvent.UPDATED, "", KeyEvent.Updated::new, (key, now) -> {
            update.grant().ifPresent(grant -> requireGrantable(key.owner(), grant));
            return key.updated(update, now);
        });
    }

    ApiKey pause(KeyRef ref, Actor actor) {
        return change(ref, actor, AuditEvent.UPDATED, "paused", KeyEvent.Paused::new, ApiKey::paused);
    }

    ApiKey resume(KeyRef ref, Actor actor) {
        return change(ref, actor, AuditEvent.UPDATED, "resumed", KeyEvent.Resumed::new, ApiKey::resumed);
    }

    ApiKey revoke(KeyRef ref, Actor actor, String reason) {
        return change(
                ref,
                actor,
                AuditEvent.REVOKED,
                reason,
                KeyEvent.Revoked::new,
                (key, now) -> key.revoked(actor, reason, now));
    }

    IssuedKey rotate(KeyRef ref, Duration grace, Actor actor) {
        Instant now = time.now();
        ApiKey before = read(ref);
        Token token = format.mint(random);
        String publicId = format.publicIdOf(token);
        ApiKey after = before.rotated(publicId, now);
        requireActive(before.owner());
        KeyChange.Rotation rotation =
                new KeyChange.Rotation(hasher.hash(publicId, format.secretOf(token)), before.graceEnd(grace, now));
        AuditEntry audit = AuditEntry.of(auditIds.next(), after, AuditEvent.ROTATED, "", actor, now);
        // Not tried again: of two rotations at once one caller must learn that the new token is the other's.
        if (!applied(new KeyChange(before, after, rotation, audit))) {
            throw new ConcurrentChangeException(ref.id());
        }
        tell(new KeyEvent.Rotated(after, actor));
        return new IssuedKey(after, token);
    }

    private ApiKey change(
            KeyRef ref,
            Actor actor,
            AuditEvent event,
            String reason,
            BiFunction<ApiKey, Actor, KeyEvent> told,
            BiFunction<ApiKey, Instant, ApiKey> step) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Instant now = time.now();
            ApiKey before = read(ref);
            ApiKey after = step.apply(before, now);
            if (after.version() == before.version()) {
                return before;
            }
            AuditEntry audit = AuditEntry.of(auditIds.next(), after, event, reason, actor, now);
            if (applied(new KeyChange(before, after, null, audit))) {
                tell(told.apply(after, actor));
                return after;
            }
        }
        throw new ConcurrentChangeException(ref.id());
    }

    private ApiKey read(KeyRef ref) {
        return store.find(ref.id(), ref.within()).orElseThrow(() -> new KeyNotFoundException(ref.id()));
    }

    private boolean applied(KeyChange change) {
        try {
            Optional<AppliedChange> applied = store.apply(change);
            applied.ifPresent(committed -> cache.forget(committed.publicIds()));
            return applied.isPresent();
        } catch (RuntimeException | Error maybeCommitted) {
            cache.forget(Set.of(change.before().publicId()));
            throw maybeCommitted;
        }
    }

    Scopes notGrantable(Owner owner, Scopes wanted) {
        return scopePolicy.notGrantable(wanted, owners.fresh(owner).scopes());
    }

    Scopes scopesOf(Grant grant) {
        return scopePolicy.expand(grant);
    }

    private void requireGrantable(Owner owner, Grant grant) {
        OwnerDirectory.State state = requireActive(owner);
        if (grant instanceof Grant.ByScopes named) {
            Scopes refused = scopePolicy.notGrantable(named.scopes(), state.scopes());
            if (!refused.isEmpty()) {
                throw new ScopeNotGrantableException(refused);
            }
        }
    }

    private OwnerDirectory.State requireActive(Owner owner) {
        OwnerDirectory.State state = owners.fresh(owner);
        if (!state.isActive()) {
            throw new OwnerInactiveException();
        }
        return state;
    }

    private void tell(KeyEvent event) {
        for (KeyEventListener listener : listeners) {
            try {
                listener.on(event);
            } catch (Throwable failure) {
                // Whatever it is, the change is committed, and the caller must get the token.
                LOG.warn(
                        "A listener failed on {} of key {}",
                        event.getClass().getSimpleName(),
                        event.key().id(),
                        failure);
            }
        }
    }

    private static IllegalArgumentException missing(String what, String method) {
        return new IllegalArgumentException("the spec of a key needs a " + what + ": call " + method);
    }
}
