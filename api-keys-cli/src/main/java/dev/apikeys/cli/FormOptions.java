package dev.apikeys.cli;

import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedHmacKey;
import dev.apikeys.TokenDigest;
import dev.apikeys.spi.ImportedTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The form of another system's tokens, and how they were hashed. */
final class FormOptions {
    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "Whose tokens they are: sanctum, django, better_auth, unkey, seam, devise, gitlab; separated"
                    + " (PREFIX id SEPARATOR secret), separated_whole (the same, hashed as a whole), whole (no id, found"
                    + " by its hash); or exported, for what 'export' wrote.")
    @Nullable
    private Form form;

    @Option(
            names = "--form-prefix",
            paramLabel = "PREFIX",
            description = "What every token begins with, such as acme_live_.")
    private String prefix = "";

    @Option(
            names = "--form-separator",
            paramLabel = "CHARACTER",
            description = "Between id and secret; a point by default.")
    private char separator = '.';

    @Option(
            names = "--form-length",
            paramLabel = "COUNT",
            description = "For devise: how many characters a token has; 20 by default.")
    private int length = 20;

    @Option(
            names = "--digest",
            paramLabel = "NAME",
            description =
                    "How secrets were hashed: sha256, which is the default, sha512, or hmac-sha256 with --hmac-key."
                            + " Slow hashes (Argon2, bcrypt, scrypt, PBKDF2) say so themselves.")
    private String digest = "sha256";

    @Option(
            names = "--hmac-key",
            paramLabel = "ID[=FILE]",
            description = "The key of those HMACs: from the file, or from the variable APIKEYS_HMAC_<ID> in upper case."
                    + " Services need it too, under the same id.")
    @Nullable
    private String hmacKey;

    @Option(
            names = "--salt-behind",
            description = "The salt stands behind the secret; by default before it. It comes from the field salt,"
                    + " blanks included.")
    private boolean saltBehind;

    @Option(
            names = "--generated",
            description = "The secrets behind slow hashes are machine-made with at least 128 random bits, so the hashes"
                    + " may be replaced by fast ones at the first use.")
    private boolean generated;

    /** The forms by name. */
    enum Form {
        SANCTUM,
        DJANGO,
        BETTER_AUTH,
        UNKEY,
        SEAM,
        DEVISE,
        GITLAB,
        SEPARATED,
        SEPARATED_WHOLE,
        WHOLE,
        EXPORTED
    }

    /**
     * The tokens of this form; empty for what {@code export} wrote.
     *
     * @throws CommandException when an option is missing
     */
    Optional<ForeignTokens> tokens(Surroundings surroundings) {
        if (form == null) {
            throw CommandException.usage("which tokens are they? Give --form");
        }
        if (form == Form.EXPORTED) {
            return Optional.empty();
        }
        TokenDigest wanted = digest(surroundings);
        return Optional.of(new ForeignTokens(
                imported(form, wanted, surroundings),
                saltBehind ? wanted::saltBehind : wanted::saltBefore,
                generated ? ForeignTokens.Secrets.OF_MACHINES : ForeignTokens.Secrets.OF_ANYBODY,
                hmacKey == null ? null : hmac(surroundings)));
    }

    private ImportedForm imported(Form name, TokenDigest wanted, Surroundings surroundings) {
        return switch (name) {
            case SANCTUM -> ImportedForm.laravelSanctum();
            case DJANGO -> ImportedForm.djangoRestFrameworkApiKey();
            case BETTER_AUTH -> ImportedForm.betterAuth(prefix);
            case UNKEY -> ImportedForm.unkey(prefix);
            case SEAM -> ImportedForm.seam(prefix);
            case DEVISE -> ImportedForm.devise(length, hmac(surroundings));
            case GITLAB -> ImportedForm.gitLab(prefix, gitLabSalt(surroundings));
            case SEPARATED -> ImportedForm.of(ImportedTokens.separated(prefix, separator), wanted);
            case SEPARATED_WHOLE -> ImportedForm.of(ImportedTokens.separatedAndHashedWhole(prefix, separator), wanted);
            case WHOLE -> ImportedForm.wholeToken(prefix, wanted);
            case EXPORTED -> throw CommandException.usage("what 'export' wrote has no form of another system");
        };
    }

    private TokenDigest digest(Surroundings surroundings) {
        return digest.toLowerCase(Locale.ROOT).replace("-", "").equals("hmacsha256")
                ? TokenDigest.hmacSha256(hmac(surroundings))
                : TokenDigest.named(digest);
    }

    private static String gitLabSalt(Surroundings surroundings) {
        return surroundings
                .variable("APIKEYS_GITLAB_SALT")
                .orElseThrow(() -> CommandException.usage(
                        "set APIKEYS_GITLAB_SALT to the first 32 characters of the installation's db_key_base"));
    }

    private ImportedHmacKey hmac(Surroundings surroundings) {
        if (hmacKey == null) {
            throw CommandException.usage("HMACs need --hmac-key");
        }
        int split = hmacKey.indexOf('=');
        String id = split < 0 ? hmacKey : hmacKey.substring(0, split);
        String variable = SecretFile.variable("APIKEYS_HMAC_", id);
        String value = split < 0
                ? surroundings
                        .variable(variable)
                        .orElseThrow(() -> CommandException.usage("HMAC key '" + id + "' has no value: set " + variable
                                + ", or give --hmac-key " + id + "=FILE"))
                : SecretFile.read(Path.of(hmacKey.substring(split + 1)), "the HMAC key " + id);
        return ImportedHmacKey.of(id, value.getBytes(StandardCharsets.UTF_8));
    }
}
