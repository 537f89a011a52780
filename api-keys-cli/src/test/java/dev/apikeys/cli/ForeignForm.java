package dev.apikeys.cli;

import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedHmacKey;
import dev.apikeys.TokenDigest;
import dev.apikeys.spi.ImportedTokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The forms that {@code import} knows: tokens and hashes as the other system makes them, written anew for the test. */
enum ForeignForm {
    SANCTUM(ImportedForm.laravelSanctum(), "sanctum") {
        @Override
        Sample sample(int number, Random random) {
            String secret = letters(40, random);
            return new Sample(number + "|" + secret, "" + number, hex(sha("SHA-256", secret)), "");
        }
    },
    DJANGO(ImportedForm.djangoRestFrameworkApiKey(), "django") {
        @Override
        Sample sample(int number, Random random) {
            String prefix = letters(8, random);
            String token = prefix + "." + letters(32, random);
            return new Sample(token, prefix, "sha512$$" + hex(sha("SHA-512", token)), "");
        }
    },
    BETTER_AUTH(ImportedForm.betterAuth("ba_"), "better_auth", "--form-prefix", "ba_") {
        @Override
        Sample sample(int number, Random random) {
            String token = "ba_" + letters(64, random);
            return new Sample(token, "", base64Url(sha("SHA-256", token)), "");
        }
    },
    UNKEY(ImportedForm.unkey("acme_"), "unkey", "--form-prefix", "acme_") {
        @Override
        Sample sample(int number, Random random) {
            String token = "acme_" + letters(22, random);
            return new Sample(token, "", Base64.getEncoder().encodeToString(sha("SHA-256", token)), "");
        }
    },
    SEAM(ImportedForm.seam("acme"), "seam", "--form-prefix", "acme") {
        @Override
        Sample sample(int number, Random random) {
            String id = letters(8, random);
            String secret = letters(24, random);
            return new Sample("acme_" + id + "_" + secret, id, hex(sha("SHA-256", secret)), "");
        }
    },
    DEVISE(ImportedForm.devise(20, key()), "devise", "--hmac-key", "old") {
        @Override
        Sample sample(int number, Random random) {
            String token = letters(20, random);
            return new Sample(token, "", hex(hmac(token)), "");
        }
    },
    GITLAB(ImportedForm.gitLab("glpat-", Secrets.SALT), "gitlab", "--form-prefix", "glpat-") {
        @Override
        Sample sample(int number, Random random) {
            String token = "glpat-" + letters(20, random);
            return new Sample(token, "", Base64.getEncoder().encodeToString(sha("SHA-256", token + Secrets.SALT)), "");
        }
    },
    SEPARATED(
            ImportedForm.of(ImportedTokens.separated("live_", '.'), TokenDigest.sha512()),
            "separated",
            "--form-prefix",
            "live_",
            "--digest",
            "sha512") {
        @Override
        Sample sample(int number, Random random) {
            String secret = letters(32, random);
            return new Sample("live_" + number + "." + secret, "" + number, base64Url(sha("SHA-512", secret)), "");
        }
    },
    SEPARATED_HMAC(
            ImportedForm.of(ImportedTokens.separatedAndHashedWhole("live_", '_'), TokenDigest.hmacSha256(key())),
            "separated_whole",
            "--form-prefix",
            "live_",
            "--form-separator",
            "_",
            "--digest",
            "hmac-sha256",
            "--hmac-key",
            "old") {
        @Override
        Sample sample(int number, Random random) {
            String token = "live_" + number + "_" + letters(32, random);
            return new Sample(token, "" + number, hex(hmac(token)), "");
        }
    },
    /** As Symfony: a salt in each row. */
    SALTED(
            ImportedForm.of(ImportedTokens.separated("s_", '.'), TokenDigest.sha256()),
            "separated",
            "--form-prefix",
            "s_") {
        @Override
        Sample sample(int number, Random random) {
            String secret = letters(32, random);
            String salt = letters(12, random);
            return new Sample("s_" + number + "." + secret, "" + number, hex(sha("SHA-256", salt + secret)), salt);
        }
    },
    WHOLE(ImportedForm.wholeToken("acme-", TokenDigest.sha256()), "whole", "--form-prefix", "acme-") {
        @Override
        Sample sample(int number, Random random) {
            String token = "acme-" + letters(24, random);
            return new Sample(token, "", hex(sha("SHA-256", token)), "");
        }
    };

    /** The variables that the commands need. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("APIKEYS_HMAC_OLD", Secrets.HMAC, "APIKEYS_GITLAB_SALT", Secrets.SALT);

    @SuppressWarnings("ImmutableEnumChecker") // It is immutable.
    private final ImportedForm form;

    @SuppressWarnings("ImmutableEnumChecker") // It is immutable.
    private final List<String> options;

    /**
     * A row.
     *
     * @param token which must work afterwards
     * @param lookup empty where there is none
     * @param hash as stored
     * @param salt empty where there is none
     */
    record Sample(String token, String lookup, String hash, String salt) {}

    /** What the constants need before their own fields are there. */
    private static final class Secrets {
        static final String HMAC = "a key of the other system, 32 bytes or more";
        static final String SALT = "0123456789abcdef0123456789abcdef";
    }

    ForeignForm(ImportedForm form, String name, String... options) {
        this.form = form;
        this.options =
                Stream.concat(Stream.of("--form", name), Stream.of(options)).toList();
    }

    abstract Sample sample(int number, Random random);

    ImportedForm form() {
        return form;
    }

    /** Half of the forms; in the ordinary run each is tried in one format. */
    boolean isFirstInCsv() {
        return name().length() % 2 == 0;
    }

    List<String> options() {
        return options;
    }

    static ImportedHmacKey key() {
        return ImportedHmacKey.of("old", Secrets.HMAC.getBytes(StandardCharsets.UTF_8));
    }

    static String letters(int count, Random random) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    static byte[] sha(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Secrets.HMAC.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
