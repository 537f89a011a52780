package dev.apikeys.cli;

import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedHmacKey;
import dev.apikeys.ImportedToken;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.TokenDigest;
import dev.apikeys.TokenFormat;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of another system, as the options describe them. Immutable.
 *
 * @param form how they are made
 * @param salted how the hash of a row with a salt was made
 * @param secrets who made what stands behind slow hashes
 * @param hmacKey the key of HMACs; null if none was given
 */
record ForeignTokens(
        ImportedForm form,
        Salted salted,
        Secrets secrets,
        @Nullable ImportedHmacKey hmacKey) {
    /** The digest of a secret with the salt of its row. */
    interface Salted {
        TokenDigest with(String salt);
    }

    /** Who made the secrets. */
    enum Secrets {
        OF_MACHINES,
        OF_ANYBODY
    }

    /** Lets a service accept these tokens. So it refuses what none of them can have. */
    void apply(KeyServiceBuilder builder, TokenFormat.Builder format) {
        builder.tokenFormat(format.alsoAccept(form.tokens()).build());
        if (hmacKey != null) {
            builder.importedHmacKey(hmacKey);
        }
    }

    /**
     * The token of a row.
     *
     * @throws IllegalArgumentException when a field is missing or wrong
     */
    ImportedToken read(Row row) {
        String salt = row.exact("salt");
        ImportedToken token = salt.isBlank()
                ? form.token(form.isFoundByHash() ? null : row.need("lookup"), row.need("hash"))
                : salted(row, salt);
        return secrets == Secrets.OF_MACHINES ? token.generated() : token;
    }

    private ImportedToken salted(Row row, String salt) {
        if (form.isFoundByHash()) {
            throw new IllegalArgumentException(
                    "a token of this form is found by its hash, so a row has no salt of its own");
        }
        return ImportedToken.digested(row.need("lookup"), row.need("hash"), salted.with(salt));
    }
}
