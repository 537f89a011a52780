package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.spi.NewKey;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Issues and imports keys, in a chain of steps: mint the credential, complete the spec, check the grant, commit, answer.
 *
 * <p>Thread-safe.
 */
final class KeyIssuer {
    private final KeyPolicy policy;
    private final Grantability grants;
    private final CredentialMint mint;
    private final ChangeCommitter committer;
    private final Stamps stamps;

    KeyIssuer(KeyPolicy policy, Grantability grants, CredentialMint mint, ChangeCommitter committer, Stamps stamps) {
        this.policy = policy;
        this.grants = grants;
        this.mint = mint;
        this.committer = committer;
        this.stamps = stamps;
    }

    IssuedKey issue(KeySpec spec) {
        Objects.requireNonNull(spec, "spec");
        CredentialMint.Minted minted = mint.mint();
        return new IssuedKey(add(spec, minted.stored(), ""), minted.token());
    }

    ApiKey importKey(KeySpec spec, ImportedToken token) {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(token, "token");
        return add(spec, mint.imported(token), "imported");
    }

    private ApiKey add(KeySpec spec, CredentialMint.Stored credential, String reason) {
        Instant now = stamps.now();
        ApiKey key = newKey(spec, credential.publicId(), now);
        grants.require(key.owner(), key.grant());
        AuditEntry audit = stamps.audit(key, AuditEvent.CREATED, reason, spec.creator(), now);
        committer.insert(
                new NewKey(key, credential.hash(), policy.maxActive(spec.kind()), spec.nameRule(), audit),
                new KeyEvent.Issued(key, spec.creator()));
        return key;
    }

    private ApiKey newKey(KeySpec spec, String publicId, Instant now) {
        return new ApiKey(
                UUID.randomUUID(),
                publicId,
                spec.kind(),
                spec.owner(),
                spec.name().orElseThrow(() -> missing("name", "named(…)")),
                spec.grant().orElseThrow(() -> missing("grant", "mode(…) or scopes(…)")),
                spec.allowedFrom(),
                spec.options(),
                now,
                spec.creator().id(),
                policy.expiry(spec, now),
                null,
                null,
                null,
                McpSessions.NONE,
                1);
    }

    private static IllegalArgumentException missing(String what, String method) {
        return new IllegalArgumentException("the spec of a key needs a " + what + ": call " + method);
    }
}
