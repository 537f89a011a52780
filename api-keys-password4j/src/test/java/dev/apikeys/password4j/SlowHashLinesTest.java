package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import com.password4j.types.Hmac;
import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.TokenDigest;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files of slow hashes with broken lines: every other line works with its token, and every broken one is reported. The
 * hashes are as cheap as possible, because the tests are about the lines.
 */
class SlowHashLinesTest {
    private static final int BROKEN_EACH = 100;

    /** A form and a hash behind it. */
    @SuppressWarnings("ImmutableEnumChecker") // Forms and functions are immutable, without an annotation that says so.
    private enum Form {
        DJANGO_ARGON2(
                ImportedForm.djangoRestFrameworkApiKey(), Argon2Function.getInstance(8, 1, 1, 16, Argon2.ID), "argon2"),
        DJANGO_BCRYPT(ImportedForm.djangoRestFrameworkApiKey(), BcryptFunction.getInstance(Bcrypt.B, 4), "bcrypt$"),
        SANCTUM_LIKE_ARGON2(ImportedForm.laravelSanctum(), Argon2Function.getInstance(8, 1, 1, 16, Argon2.ID), ""),
        SEAM_LIKE_BCRYPT(ImportedForm.seam("acme"), BcryptFunction.getInstance(Bcrypt.B, 4), ""),
        OWN_FORM_PBKDF2(
                ImportedForm.of(ImportedTokens.separated("acme_", '.'), TokenDigest.sha256()),
                CompressedPBKDF2Function.getInstance(Hmac.SHA256, 1, 256),
                "");

        private final ImportedForm form;
        private final HashingFunction function;
        private final String hasher;

        Form(ImportedForm form, HashingFunction function, String hasher) {
            this.form = form;
            this.function = function;
            this.hasher = hasher;
        }

        /** The token of a line. */
        String token(int line) {
            String id = String.format(Locale.ROOT, "%08d", line);
            String secret = "Zb3kR7qT0wYx5vNc8LmH2gJd" + id;
            return switch (this) {
                case DJANGO_ARGON2, DJANGO_BCRYPT -> id + "." + secret;
                case SANCTUM_LIKE_ARGON2 -> id + "|" + secret + "QzVbNhYt";
                case SEAM_LIKE_BCRYPT -> "acme_" + id + "_" + secret;
                case OWN_FORM_PBKDF2 -> "acme_" + id + "." + secret;
            };
        }

        /** Look-up value and hash. */
        String line(int line) {
            ImportedTokens.Parts parts = form.tokens().split(token(line)).orElseThrow();
            return parts.lookup() + "," + hasher + function.hash(parts.secret()).getResult();
        }

        /** The same, broken in one of some ways. */
        String brokenLine(int line) {
            String whole = line(line);
            String lookup = whole.substring(0, whole.indexOf(',') + 1);
            return switch (line / BROKEN_EACH % 5) {
                case 0 -> lookup;
                case 1 -> whole.substring(0, whole.length() - 4);
                case 2 -> whole.substring(whole.indexOf(','));
                case 3 -> lookup + "md5$salt$d41d8cd98f00b204e9800998ecf8427e";
                default -> "|._" + whole;
            };
        }

        ImportedKey read(String line) {
            int comma = line.indexOf(',');
            return ImportedKey.of(
                            KeySpec.forUser("alice").named("CRM").mode(Mode.READ),
                            form.token(line.substring(0, comma), line.substring(comma + 1)))
                    .beyondLimit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fileOfSlowHashes_withBrokenLines_importsTheGoodOnesAndReportsTheBadOnes(Form form) {
        importAndVerify(form, 500);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void fileOf10000SlowHashes_withBrokenLines_importsTheGoodOnesAndReportsTheBadOnes(Form form) {
        importAndVerify(form, 10_000);
    }

    private static void importAndVerify(Form form, int lines) {
        try (TestKeys service = new TestKeys(settings -> settings.passwordHashing(new Password4jHashing())
                .tokenFormat(
                        TokenFormat.builder().alsoAccept(form.form.tokens()).build()))) {
            Set<Integer> broken = new TreeSet<>();
            List<String> file = new ArrayList<>();
            for (int line = 1; line <= lines; line++) {
                if (line % BROKEN_EACH == 17) {
                    broken.add(line);
                }
                file.add(broken.contains(line) ? form.brokenLine(line) : form.line(line));
            }

            ImportReport report =
                    service.keys().transfer().importKeys(file.stream(), form::read, ImportOptions.DEFAULT);

            assertThat(report.imported()).isEqualTo(lines - lines / BROKEN_EACH);
            assertThat(report.firstRefused())
                    .extracting(refused -> (int) refused.line())
                    .containsExactlyElementsOf(broken);
            for (int line = 1; line <= lines; line++) {
                Verification verified = service.keys().verify(form.token(line));
                assertThat(verified instanceof Verification.Accepted).isEqualTo(!broken.contains(line));
            }
            assertThat(report.toString()).doesNotContain("$2b").doesNotContain("$argon2");
        }
    }
}
