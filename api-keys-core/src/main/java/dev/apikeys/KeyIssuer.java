package dev.apikeys;

import dev.apikeys.ImportedKey.History;
import dev.apikeys.spi.NewKey;
import java.time.Instant;
import java.util.Objects;

/**
 * Issues and imports keys, in a chain of steps: mint the credential, complete the spec, check the grant, commit, answer.
 *
 * <p>Thread-safe.
 */
final class KeyIssuer {
    private final KeyRecords records;
    private final Grantability grants;
    private final CredentialMint mint;
    private final ChangeCommitter committer;
    private final Stamps stamps;

    KeyIssuer(KeyRecords records, Grantability grants, CredentialMint mint, ChangeCommitter committer, Stamps stamps) {
        this.records = records;
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
        ApiKey key = records.first(spec, credential.publicId(), History.NONE, now);
        grants.require(key.owner(), key.grant());
        AuditEntry audit = stamps.audit(key, AuditEvent.CREATED, reason, spec.creator(), now);
        committer.insert(
                new NewKey(key, credential.hash(), records.policy().maxActive(spec.kind()), spec.nameRule(), audit),
                new KeyEvent.Issued(key, spec.creator()));
        return key;
    }
}
