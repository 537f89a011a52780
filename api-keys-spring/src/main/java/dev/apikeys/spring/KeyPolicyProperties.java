package dev.apikeys.spring;

import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long keys live and how many an owner may have.
 *
 * <p>Immutable and thread-safe.
 *
 * @param lifetime how long a key lives that doesn't say; at least a second
 * @param maxLifetime how long a key may live at the most; at least a second
 * @param rotationGrace how long the old token works after a rotation; 0, or at least a second
 * @param maxActivePersonal active personal keys per user
 * @param maxActiveWorkspace active keys per user and workspace
 * @param maxActiveOrganization active keys per organization
 * @param organizationKeysMayNeverExpire whether keys of an organization may be made without an end
 * @param retention how long revoked and expired keys stay in the lists
 * @param auditRetention how long the audit trail is kept; what is older is given to the bean of type AuditExport, if
 *     there is one, and removed. For ever by default
 */
@ConfigurationProperties("apikeys.keys")
public record KeyPolicyProperties(
        @DefaultValue("90d") Duration lifetime,
        @DefaultValue("365d") Duration maxLifetime,
        @DefaultValue("24h") Duration rotationGrace,
        @DefaultValue("5") int maxActivePersonal,
        @DefaultValue("20") int maxActiveWorkspace,
        @DefaultValue("100") int maxActiveOrganization,
        @DefaultValue("false") boolean organizationKeysMayNeverExpire,
        @DefaultValue("90d") Duration retention,
        @Nullable Duration auditRetention) {
    private static final Duration LEAST = Duration.ofSeconds(1);

    KeyPolicy toPolicy() {
        Setting.requireAtLeast("apikeys.keys.lifetime", LEAST, lifetime, "90d");
        Setting.requireAtLeast("apikeys.keys.max-lifetime", LEAST, maxLifetime, "365d");
        Setting.requireZeroOrAtLeast("apikeys.keys.rotation-grace", LEAST, rotationGrace, "24h");
        KeyPolicy policy = KeyPolicy.DEFAULT;
        policy = Setting.apply("apikeys.keys.lifetime", policy, from -> from.lifetime(lifetime, maxLifetime));
        policy = Setting.apply("apikeys.keys.rotation-grace", policy, from -> from.rotationGrace(rotationGrace));
        policy = Setting.apply(
                "apikeys.keys.max-active-personal",
                policy,
                from -> from.maxActive(KeyKind.PERSONAL, maxActivePersonal));
        policy = Setting.apply(
                "apikeys.keys.max-active-workspace",
                policy,
                from -> from.maxActive(KeyKind.WORKSPACE, maxActiveWorkspace));
        policy = Setting.apply(
                "apikeys.keys.max-active-organization",
                policy,
                from -> from.maxActive(KeyKind.ORGANIZATION, maxActiveOrganization));
        return organizationKeysMayNeverExpire ? policy.organizationKeysMayNeverExpire() : policy;
    }
}
