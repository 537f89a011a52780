package dev.apikeys.management;

import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.management.CsrfTokens.CsrfToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What applies to keys in a family, so that a page knows what to offer and what to say.
 *
 * @param traits the family
 * @param policy how long keys live, and how many an owner may have
 * @param lease how soon a revocation holds
 * @param proof the field that proves who the caller is; empty if there is none
 * @param tokenPrefix how tokens begin
 * @param csrf the token for calls that change something; empty if there is none
 */
record KeySettings(
        FamilyTraits traits,
        KeyPolicy policy,
        LeasePolicy lease,
        Optional<String> proof,
        String tokenPrefix,
        Optional<CsrfToken> csrf) {
    private static final double MILLIS = 1_000;

    /** The settings by name, in the order in which they are shown; durations are in seconds. */
    Map<String, @Nullable Object> values(Spelling spelling) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        var kind = traits.kind();
        values.put("family", traits.word());
        values.put("grant", traits.grant());
        values.put("max_active_keys", kind == null ? null : policy.maxActive(kind));
        values.put("default_lifetime_seconds", policy.defaultLifetime().toSeconds());
        values.put("max_lifetime_seconds", policy.maxLifetime().toSeconds());
        values.put("may_never_expire", kind != null && policy.mayNeverExpire(kind));
        values.put("may_expire_later", policy.allowsLaterExpiry());
        values.put("default_grace_seconds", policy.rotationGrace().toSeconds());
        values.put("max_grace_seconds", KeyPolicy.MAX_GRACE.toSeconds());
        values.put("proof", proof.orElse(null));
        values.put("revoked_within_seconds", seconds(lease.trust()));
        values.put("revoked_everywhere_within_seconds", seconds(lease.bound()));
        values.put("token_prefix", tokenPrefix);
        values.put(
                "csrf",
                csrf.map(token -> Map.of("header", token.header(), "token", token.value()))
                        .orElse(null));
        Map<String, @Nullable Object> spelled = new LinkedHashMap<>();
        values.forEach((name, value) -> spelled.put(spelling.word(name), value));
        return spelled;
    }

    /** A whole number if it is one. */
    private static Number seconds(Duration duration) {
        return duration.toMillisPart() == 0 ? (Number) duration.toSeconds() : (Number) (duration.toMillis() / MILLIS);
    }

    /** Reads the settings of a family. */
    static Command<KeySettings> of(FamilyTraits traits, KeyService keys, StepUpCheck stepUp) {
        return call -> Result.done(new KeySettings(
                traits,
                keys.policy(),
                keys.lease(),
                stepUp.field(),
                keys.tokenFormat().prefix(),
                call.source().csrfToken()));
    }
}
