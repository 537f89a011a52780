package dev.apikeys;

import dev.apikeys.ImportedKey.Limit;
import dev.apikeys.ImportedKey.Source;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey.NameRule;
import java.time.Instant;
import java.util.List;

/**
 * Completes imported keys to what a store keeps.
 *
 * <p>Thread-safe.
 */
final class ImportRecords {
    private static final String REASON = "imported";

    private final KeyRecords records;
    private final Grantability grants;
    private final CredentialMint mint;
    private final Stamps stamps;
    private final TokenFormat format;

    ImportRecords(KeyRecords records, Grantability grants, CredentialMint mint, Stamps stamps, TokenFormat format) {
        this.records = records;
        this.grants = grants;
        this.mint = mint;
        this.stamps = stamps;
        this.format = format;
    }

    /**
     * What a store keeps of the key.
     *
     * @throws IllegalArgumentException when the spec or the token is not valid here, or no store can keep the key
     * @throws OwnerInactiveException when the key is active and its owner isn't
     * @throws ScopeNotGrantableException when the key is active and its scopes go beyond what the owner may do
     */
    KeyImport complete(ImportedKey imported) {
        Instant now = stamps.now();
        KeyImport complete = imported.source() instanceof Source.Exported exported
                ? complete(exported.key(), now)
                : complete((Source.Foreign) imported.source(), imported, now);
        StorableKey.require(complete.key(), format);
        return complete;
    }

    private KeyImport complete(Source.Foreign foreign, ImportedKey imported, Instant now) {
        KeySpec spec = foreign.spec();
        CredentialMint.Stored credential = mint.imported(foreign.token());
        ApiKey key = records.first(spec, credential.publicId(), imported.history(), now);
        if (key.countsAt(now)) {
            grants.require(key.owner(), key.grant());
        }
        return new KeyImport(
                new ExportedKey(key, List.of(new ExportedKey.Token(credential.publicId(), credential.hash(), null))),
                imported.limit() == Limit.PASSED
                        ? KeyImport.NO_LIMIT
                        : records.policy().maxActive(spec.kind()),
                spec.nameRule(),
                stamps.audit(key, AuditEvent.CREATED, REASON, spec.creator(), now));
    }

    /** What may be granted was checked when the key was issued. */
    private KeyImport complete(ExportedKey exported, Instant now) {
        ApiKey key = exported.key();
        return new KeyImport(
                exported,
                KeyImport.NO_LIMIT,
                NameRule.ANY,
                stamps.audit(key, AuditEvent.CREATED, REASON, Actor.of(key.createdBy()), now));
    }
}
