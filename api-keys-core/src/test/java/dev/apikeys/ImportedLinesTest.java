package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of each form with broken lines: every other line works with its token, and every broken one is reported. */
class ImportedLinesTest {
    private static final int LINES = 10_000;
    private static final int BROKEN_EACH = 100;

    private static final ImportedHmacKey KEY = ImportedHmacKey.of("old", new byte[32]);

    /** A form, and how a token of it is made of a number. */
    @SuppressWarnings("ImmutableEnumChecker") // Forms are immutable, without an annotation that says so.
    private enum Form {
        LARAVEL_SANCTUM(ImportedForm.laravelSanctum(), Form::hex, i -> i + "|" + secret(i, 48)),
        DJANGO_REST_FRAMEWORK_API_KEY(
                ImportedForm.djangoRestFrameworkApiKey(),
                digest -> "sha512$$" + hex(digest),
                i -> secret(i, 8) + "." + secret(i, 32)),
        BETTER_AUTH(ImportedForm.betterAuth(""), Form::base64Url, i -> secret(i, 64)),
        UNKEY(ImportedForm.unkey("acme_"), Form::base64, i -> "acme_" + secret(i, 24)),
        UNKEY_HEX(ImportedForm.unkey("acme_"), Form::hex, i -> "acme_" + secret(i, 24)),
        SEAM(ImportedForm.seam("acme"), Form::hex, i -> "acme_s" + i + "_" + secret(i, 24)),
        DEVISE(ImportedForm.devise(20, KEY), Form::hex, i -> secret(i, 20)),
        GITLAB(ImportedForm.gitLab("glpat-", "salt"), Form::base64, i -> "glpat-" + secret(i, 20)),
        PLAIN(ImportedForm.wholeToken("acme_", TokenDigest.sha512()), Form::base64Url, i -> "acme_" + secret(i, 24)),
        HMAC(ImportedForm.wholeToken("acme_", TokenDigest.hmacSha256(KEY)), Form::hex, i -> "acme_" + secret(i, 24)),
        SALTED(
                ImportedForm.of(
                        ImportedTokens.separated("acme_", '.'),
                        TokenDigest.sha256().saltBefore("pinch")),
                Form::hex,
                i -> "acme_k" + i + "." + secret(i, 24));

        private final ImportedForm form;
        private final Function<byte[], String> encoding;
        private final Function<Integer, String> token;

        Form(ImportedForm form, Function<byte[], String> encoding, Function<Integer, String> token) {
            this.form = form;
            this.encoding = encoding;
            this.token = token;
        }

        /** The line of a file: look-up value and hash. */
        String line(int i) {
            ImportedTokens.Parts parts = form.tokens().split(token.apply(i)).orElseThrow();
            String lookup = form.isFoundByHash() ? "" : parts.lookup();
            return lookup + "," + encoding.apply(digest().of(parts.secret()));
        }

        private static String hex(byte[] digest) {
            return Hex.encode(digest);
        }

        private static String base64(byte[] digest) {
            return Base64.getEncoder().encodeToString(digest);
        }

        private static String base64Url(byte[] digest) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        }

        private TokenDigest digest() {
            return switch (this) {
                case DJANGO_REST_FRAMEWORK_API_KEY, PLAIN -> TokenDigest.sha512();
                case DEVISE, HMAC -> TokenDigest.hmacSha256(KEY);
                case GITLAB -> TokenDigest.sha256().saltBehind("salt");
                case SALTED -> TokenDigest.sha256().saltBefore("pinch");
                default -> TokenDigest.sha256();
            };
        }

        ImportedKey read(String line) {
            String[] columns = line.split(",", -1);
            return ImportedKey.of(
                            KeySpec.forUser("user" + Math.floorMod(line.hashCode(), 500))
                                    .named("CRM")
                                    .mode(Mode.READ),
                            form.token(columns[0], columns[1]))
                    .beyondLimit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void file_withBrokenLines_importsTheGoodOnesAndReportsTheBadOnes(Form form) {
        try (TestKeys filled = new TestKeys(settings -> settings.importedHmacKey(KEY)
                .tokenFormat(
                        TokenFormat.builder().alsoAccept(form.form.tokens()).build()))) {
            Set<Long> broken = new LinkedHashSet<>();
            List<String> file = new ArrayList<>();
            for (int i = 0; i < LINES; i++) {
                boolean isBroken = i % BROKEN_EACH == 17;
                if (isBroken) {
                    broken.add(i + 2L);
                }
                file.add(isBroken ? broken(form, i) : form.line(i));
            }
            List<ImportReport.Refused> told = new ArrayList<>();

            ImportReport report = filled.keys()
                    .transfer()
                    .importKeys(
                            file.stream(),
                            form::read,
                            ImportOptions.DEFAULT.firstLine(2).onRefused(told::add));

            assertThat(report.lines()).isEqualTo(LINES);
            assertThat(report.imported()).isEqualTo(LINES - LINES / BROKEN_EACH);
            assertThat(report.duplicates()).isZero();
            assertThat(report.firstRefused()).isEqualTo(told).hasSize((int) report.refused());
            assertThat(told).extracting(ImportReport.Refused::line).containsExactlyElementsOf(broken);
            for (int i = 0; i < LINES; i++) {
                Verification verified = filled.keys().verify(form.token.apply(i));
                assertThat(verified instanceof Verification.Accepted).isEqualTo(!broken.contains(i + 2L));
            }
            String reasons = told.toString();
            for (long line : broken) {
                String hash = form.line((int) line - 2).split(",", -1)[1];
                assertThat(reasons).doesNotContain(hash.substring(8, 24));
            }
        }
    }

    /** Ways in which lines are broken. */
    private static String broken(Form form, int i) {
        String line = form.line(i);
        String[] columns = line.split(",", -1);
        return switch (i / BROKEN_EACH % 8) {
            case 0 -> columns[0] + ",";
            case 1 -> line.substring(0, line.length() - 2);
            case 2 -> columns[0] + "," + "z".repeat(columns[1].length() + 1);
            case 3 -> columns[1];
            case 4 -> columns[0] + "," + columns[1].substring(0, 32);
            case 5 -> "\u0661 |._," + columns[1];
            case 6 -> columns[0] + "," + columns[1].substring(1) + "\uFF11";
            // The look-up value of a line before, or one too much.
            default -> (form.form.isFoundByHash() ? "17" : form.line(i - 1).split(",", -1)[0]) + "," + columns[1];
        };
    }

    /** Letters and digits that differ for each number. */
    private static String secret(int i, int length) {
        byte[] digest = TokenDigest.sha512().of("secret " + i);
        return Hex.encode(digest).substring(0, length);
    }
}
