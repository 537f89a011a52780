package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ImportedForm;
import dev.apikeys.TokenDigest;
import dev.apikeys.spi.ImportedTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows whose tokens could never work are refused by {@code import}, as they are by the service. */
class ImportRefusalTest {
    private static final String SHA_256 = ForeignForm.hex(ForeignForm.sha("SHA-256", "x"));
    private static final String SHA_512 = "sha512$$" + ForeignForm.hex(ForeignForm.sha("SHA-512", "x"));
    private static final String BCRYPT = "$2y$04$RgZRLSUOakuBb8T4l1FO8e0qSk8Ei3y6vsf1nw5aXjaJx.Au0NoMO";

    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTables() {
        cli.ok("schema", "create");
        ForeignForm.ENVIRONMENT.forEach(cli::with);
    }

    private CommandRun.Result importing(String row, List<String> options) throws IOException {
        Path file = Files.writeString(
                directory.resolve("keys.csv"), "lookup,hash,salt,user,name,mode\n" + row + ",u,n,read\n");
        return cli.run(Stream.concat(Stream.of("import", file.toString(), "--form"), options.stream())
                .toArray(String[]::new));
    }

    /** Options and a row: look-up value, hash and salt. */
    static Stream<Arguments> wrongRows() {
        return Stream.of(
                Arguments.of("sanctum", "12|3," + SHA_256 + ",", "no token"),
                Arguments.of("sanctum", "i".repeat(60) + "," + SHA_256 + ",", "no token"),
                Arguments.of("sanctum", "12|3," + SHA_256 + ",salt", "no token"),
                Arguments.of("django", "abcdefgh1," + SHA_512 + ",", "no token"),
                Arguments.of("django", "abcdefg," + SHA_512 + ",", "no token"),
                Arguments.of("seam --form-prefix acme", "a_b," + SHA_256 + ",", "no token"),
                Arguments.of("separated --form-prefix live_", "a.b," + SHA_256 + ",", "no token"),
                Arguments.of("separated --form-prefix live_", "i".repeat(250) + "," + SHA_256 + ",", "no token"),
                Arguments.of("separated_whole --form-prefix live_", "i".repeat(80) + "," + BCRYPT + ",", "71 bytes"),
                Arguments.of("whole --form-prefix acme_", "17," + SHA_256 + ",salt", "found by its hash"),
                Arguments.of("unkey --form-prefix acme_", "17," + SHA_256 + ",salt", "found by its hash"),
                Arguments.of("better_auth", "17," + SHA_256 + ",salt", "found by its hash"),
                Arguments.of("devise --hmac-key old", "17," + SHA_256 + ",salt", "found by its hash"),
                Arguments.of("gitlab --form-prefix glpat-", "17," + SHA_256 + ",salt", "found by its hash"));
    }

    @ParameterizedTest
    @MethodSource("wrongRows")
    void row_whoseTokenCouldNeverWork_isRefused(String form, String row, String reason) throws IOException {
        CommandRun.Result refused = importing(row, List.of(form.split(" ")));

        assertThat(refused.messages()).contains("Imported 0 keys of 1 lines; 0 were there already, 1 refused");
        assertThat(refused.out()).contains(reason);
        assertThat(refused.code()).isEqualTo(Exit.INCOMPLETE.code());
    }

    /** A blank belongs to a salt as any other character does. */
    @Test
    void salt_withBlanksAtItsEnds_isTakenAsItIs() throws IOException {
        String secret = "Zb3kR7qT0wYx5vNc8LmH2gJd";
        String salt = " pinch of salt ";
        String hash = ForeignForm.hex(ForeignForm.sha("SHA-256", salt + secret));

        assertThat(importing("17," + hash + "," + salt, List.of("separated", "--form-prefix", "live_"))
                        .messages())
                .contains("Imported 1 key");

        ImportedForm form = ImportedForm.of(ImportedTokens.separated("live_", '.'), TokenDigest.sha256());
        assertThat(database.acceptedOf(List.of("live_17." + secret), form.tokens(), builder -> {}))
                .isEqualTo(1);
    }
}
