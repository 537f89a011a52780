package dev.apikeys.testkit;

import dev.apikeys.EffectiveScopes;
import dev.apikeys.Freshness;
import dev.apikeys.Grant;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.Owner;
import dev.apikeys.ScopePolicy;
import dev.apikeys.Scopes;
import dev.apikeys.mcp.McpPolicy;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A principal for tests of code that runs behind the filter, made without a service and a store: a personal key of
 * {@link TestKeys#ALICE} that may do nothing, does not expire, and was confirmed.
 *
 * <pre>{@code
 * KeyPrincipal principal = new SamplePrincipal().scopes("read:systems").build();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class SamplePrincipal {
    /** Lets the scopes of a principal be what was asked for, whatever a service would never give. */
    private static final ScopePolicy ANY = new ScopePolicy(Scopes.NONE, Scopes.NONE, Scopes.NONE);

    private UUID keyId = UUID.randomUUID();
    private KeyKind kind = KeyKind.PERSONAL;
    private Owner owner = TestKeys.ALICE;
    private String keyName = "CRM";
    private EffectiveScopes scopes = effective();
    private McpPolicy mcp = McpPolicy.DEFAULT;
    private @Nullable Instant expiresAt;
    private Freshness freshness = Freshness.CONFIRMED;

    /** Starts from the defaults. */
    public SamplePrincipal() {}

    /** Exactly these scopes, each {@code verb:resource}, as a key has them at one moment. */
    public static EffectiveScopes effective(String... scopes) {
        return ANY.effective(Grant.of(Scopes.of(scopes)), Scopes.ALL);
    }

    /** Sets the key id. */
    public SamplePrincipal keyId(UUID keyId) {
        this.keyId = Objects.requireNonNull(keyId, "keyId");
        return this;
    }

    /** Sets kind and owner. */
    public SamplePrincipal of(KeyKind kind, Owner owner) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.owner = Objects.requireNonNull(owner, "owner");
        return this;
    }

    /** Sets the name of the key. */
    public SamplePrincipal named(String keyName) {
        this.keyName = Objects.requireNonNull(keyName, "keyName");
        return this;
    }

    /** Sets what the key may do, each scope {@code verb:resource}. */
    public SamplePrincipal scopes(String... scopes) {
        this.scopes = effective(scopes);
        return this;
    }

    /** Sets what agents may do. */
    public SamplePrincipal mcp(McpPolicy mcp) {
        this.mcp = Objects.requireNonNull(mcp, "mcp");
        return this;
    }

    /** Sets when the token ends; null for never. */
    public SamplePrincipal expiresAt(@Nullable Instant end) {
        this.expiresAt = end;
        return this;
    }

    /** Marks the principal as one that the store could not confirm. */
    public SamplePrincipal withinGrace() {
        this.freshness = Freshness.WITHIN_GRACE;
        return this;
    }

    /** The principal. */
    public KeyPrincipal build() {
        return new KeyPrincipal(
                keyId, SampleKey.randomPublicId(), kind, owner, keyName, scopes, mcp, expiresAt, freshness);
    }
}
