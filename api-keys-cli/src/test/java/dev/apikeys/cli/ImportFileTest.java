package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ImportedForm;
import dev.apikeys.KeyService;
import dev.apikeys.TokenDigest;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of 10,000 lines of which each hundredth is broken. Hashes and numbers know no locale. */
@Tag("tr-skip")
class ImportFileTest {
    private static final int LINES = 10_000;
    private static final int BROKEN_EACH = 100;
    private static final String[] BREAKAGES = {"", "a,\"b", "x,y", "{", "17,MD5,u,n,zz,zz,zz,zz"};

    private final Random random = new Random(14);
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final CommandRun cli = new CommandRun(url, "sa");
    private final List<String> tokens = new ArrayList<>();

    @TempDir
    private Path directory;

    private String letters(int count) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Path file(String name, String heading, IntFunction<String> line) throws IOException {
        List<String> lines = new ArrayList<>();
        if (!heading.isEmpty()) {
            lines.add(heading);
        }
        for (int i = 1; i <= LINES; i++) {
            lines.add(i % BROKEN_EACH == 0 ? BREAKAGES[i / BROKEN_EACH % BREAKAGES.length] : line.apply(i));
        }
        return Files.write(directory.resolve(name), lines);
    }

    /** Imports the file, and checks that the report names the broken lines, and that every good token works. */
    private void check(Path file, ImportedForm form, int firstLine, String... options) {
        cli.ok("schema", "create");
        List<String> command = new ArrayList<>(List.of("import", file.toString()));
        command.addAll(List.of(options));
        CommandRun.Result imported = cli.run(command.toArray(String[]::new));

        assertThat(imported.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(imported.messages()).contains("Imported 9900 keys of 10000 lines", "100 refused");
        List<String> refused = imported.out().lines().skip(1).toList();
        assertThat(refused).hasSize(LINES / BROKEN_EACH);
        for (int i = 0; i < refused.size(); i++) {
            assertThat(refused.get(i)).startsWith((i + 1) * BROKEN_EACH + firstLine - 1 + " ");
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("");
        try (HikariDataSource pool = new HikariDataSource(config);
                KeyService keys = KeyService.builder(JdbiApiKeyStore.create(pool))
                        .tokenFormat(
                                TokenFormat.builder().alsoAccept(form.tokens()).build())
                        .missesPerSecond(1_000_000)
                        .build()) {
            assertThat(tokens).hasSize(LINES - LINES / BROKEN_EACH);
            assertThat(tokens).allMatch(token -> keys.verify(token) instanceof Verification.Accepted);
        }
        assertThat(cli.run(command.toArray(String[]::new)).messages()).contains("9900 were there already");
    }

    @Test
    void sanctumTable_inCsv() throws IOException {
        Path file = file("tokens.csv", "id,token,tokenable_id,name,last_used_at,expires_at,created_at", i -> {
            String secret = letters(40);
            tokens.add(i + "|" + secret);
            return i + "," + HexFormat.of().formatHex(digest("SHA-256", secret)) + "," + i % 2_500 + ",\"Tablet, the "
                    + i + "th\",,,2021-03-04 05:06:07";
        });

        check(
                file,
                ImportedForm.laravelSanctum(),
                2,
                "--form",
                "sanctum",
                "--set",
                "mode=write",
                "--map",
                "lookup=id,hash=token,user=tokenable_id,last-used-at=last_used_at,expires-at=expires_at,"
                        + "created-at=created_at");
    }

    @Test
    void djangoTable_inCsv() throws IOException {
        Path file = file("keys.csv", "prefix,hashed_key,created,name,revoked,expiry_date", i -> {
            String prefix = letters(8);
            String token = prefix + "." + letters(32);
            tokens.add(token);
            return prefix + ",sha512$$" + HexFormat.of().formatHex(digest("SHA-512", token))
                    + ",2023-01-02 03:04:05+00,client " + i + ",f,";
        });

        check(
                file,
                ImportedForm.djangoRestFrameworkApiKey(),
                2,
                "--form",
                "django",
                "--beyond-limit",
                "--set",
                "organization=acme,mode=read",
                "--map",
                "lookup=prefix,hash=hashed_key,created-at=created,expires-at=expiry_date");
    }

    @Test
    void wholeTokens_inJsonLines() throws IOException {
        Path file = file("keys.jsonl", "", i -> {
            String token = "acme_" + letters(24);
            tokens.add(token);
            return "{\"hash\":\"" + Base64.getEncoder().encodeToString(digest("SHA-256", token)) + "\",\"name\":\"n" + i
                    + "\",\"user\":\"u" + i + "\",\"scopes\":[\"read:systems\",\"read:users\"]}";
        });

        check(
                file,
                ImportedForm.wholeToken("acme_", TokenDigest.sha256()),
                1,
                "--form",
                "whole",
                "--form-prefix",
                "acme_");
    }

    @Test
    void dryRun_writesNothing() throws IOException {
        cli.ok("schema", "create");
        Path file = Files.writeString(
                directory.resolve("one.csv"),
                "lookup,hash,user,name,mode\n7," + HexFormat.of().formatHex(digest("SHA-256", "x")) + ",u,n,read\n");

        assertThat(cli.run("import", file.toString(), "--form", "sanctum", "--dry-run")
                        .messages())
                .contains("Would import 1 key of 1 lines");
        assertThat(cli.ok("list")).isEmpty();
    }
}
