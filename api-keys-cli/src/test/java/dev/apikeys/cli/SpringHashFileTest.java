package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ImportedForm;
import dev.apikeys.TokenDigest;
import dev.apikeys.spi.ImportedTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with hashes that Spring Security made, with the name of its encoder before each. The secret is "password". */
class SpringHashFileTest {
    private static final String ARGON2 =
            "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$bUp8F5NevgMfJFd8uCazwLrPIfSiUuII2fAbkwaUZj8";
    private static final String SCRYPT =
            "$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw=="
                    + "$OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=";

    private final TestDatabaseInMemory database = new TestDatabaseInMemory();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
                "{argon2}" + ARGON2,
                "{argon2@SpringSecurity_v5_8}" + ARGON2,
                "{scrypt}" + SCRYPT,
                "{scrypt@SpringSecurity_v5_8}" + SCRYPT,
                "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
                "{pbkdf2@SpringSecurity_v5_8}0102030405060708090a0b0c0d0e0f10"
                        + "b94f951e97b99c4f592819f1d14004b125bf97431436c8043bc8faa95781b74a"
            })
    void fileOfSuchHashes_isImported_andTheTokensWork(String hash) throws IOException {
        CommandRun cli = database.cli();
        cli.ok("schema", "create");
        Path file = Files.writeString(
                directory.resolve("keys.csv"), "lookup,hash,user,name,mode\n17,\"" + hash + "\",u,n,read\n");

        assertThat(cli.ok("import", file.toString(), "--form", "separated", "--form-prefix", "live_"))
                .isEmpty();

        ImportedForm form = ImportedForm.of(ImportedTokens.separated("live_", '.'), TokenDigest.sha256());
        assertThat(database.acceptedOf(List.of("live_17.password", "live_17.Password"), form.tokens(), builder -> {}))
                .isEqualTo(1);
        assertThat(cli.ok("peppers")).contains("password");
    }
}
