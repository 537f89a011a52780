package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command, on a database in memory. */
class CommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final CommandRun cli = new CommandRun(url, "sa");

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTables() {
        cli.ok("schema", "create");
    }

    private String issue(String user, String name) {
        return cli.ok("issue", "--for-user", user, "--name", name, "--mode", "read")
                .strip();
    }

    private static String publicId(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private boolean works(String token) {
        return works(url, token);
    }

    private static boolean works(String url, String token) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("");
        try (HikariDataSource pool = new HikariDataSource(config);
                KeyService keys =
                        KeyService.builder(JdbiApiKeyStore.create(pool)).build()) {
            return keys.verify(token) instanceof Verification.Accepted;
        }
    }

    @Test
    void issue_givesTheTokenAlone_andSaysTheRestElsewhere() {
        CommandRun.Result issued = cli.run("issue", "--for-user", "alice", "--name", "CRM", "--mode", "read");

        assertThat(issued.code()).isZero();
        assertThat(issued.out()).matches("myk_[0-9a-f]{24}\\.[0-9a-f]{48}\\R");
        assertThat(issued.messages())
                .contains("Issued CRM, key id ")
                .doesNotContain(issued.out().strip());
        assertThat(works(issued.out().strip())).isTrue();
    }

    @Test
    void issue_intoAFile_isReadableByItsOwnerAlone_andOverwritesNothing() throws IOException {
        Path file = directory.resolve("crm.key");
        String[] command = {"issue", "--for-user", "alice", "--name", "CRM", "--mode", "read", "--out", file.toString()
        };

        assertThat(cli.ok(command)).isEmpty();
        String token = Files.readString(file).strip();
        assertThat(works(token)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        CommandRun.Result again = cli.run(command);
        assertThat(again.code()).isEqualTo(Exit.USAGE.code());
        assertThat(again.messages()).contains("exists");
        assertThat(Files.readString(file).strip()).isEqualTo(token);
        assertThat(cli.ok("list", "--json")).containsOnlyOnce("\"id\"");
    }

    @Test
    void issue_thatIsRefused_leavesNoFile() {
        Path file = directory.resolve("late.key");

        CommandRun.Result refused = cli.run(
                "issue",
                "--for-user",
                "a",
                "--name",
                "n",
                "--mode",
                "read",
                "--expires-in",
                "9999d",
                "--out",
                file.toString());

        assertThat(refused.code()).isEqualTo(Exit.USAGE.code());
        assertThat(file).doesNotExist();
    }

    @Test
    void limit_ofAnOwner_isRefusedWithItsOwnCode() {
        for (int i = 0; i < 5; i++) {
            issue("alice", "key " + i);
        }

        assertThat(cli.run("issue", "--for-user", "alice", "--name", "one more", "--mode", "read")
                        .code())
                .isEqualTo(Exit.REFUSED.code());
        cli.ok("issue", "--for-user", "alice", "--name", "one more", "--mode", "read", "--max-keys", "6");
    }

    @Test
    void list_showsTables_orJson() throws IOException {
        String token = issue("alice", "CRM");
        issue("bob", "two");

        CommandRun.Result table = cli.run("list");
        JsonNode json = JSON.readTree(cli.ok("list", "--for-user", "alice", "--json"));

        assertThat(table.out())
                .startsWith("KEY ID")
                .contains("CRM", "alice", "ACTIVE")
                .doesNotContain("\u001b");
        assertThat(table.messages()).contains("2 of 2 keys");
        assertThat(json).hasSize(1);
        assertThat(json.get(0).get("publicId").asText())
                .isEqualTo(publicId(token).substring(4));
        assertThat(json.toString()).doesNotContain("hash", token.substring(token.indexOf('.') + 1));
    }

    @Test
    void colours_areOnATerminalAlone_andNotAgainstNoColor() {
        issue("alice", "CRM");

        assertThat(cli.typing("").ok("list")).contains("\u001b[");
        assertThat(cli.typing("").with("NO_COLOR", "1").ok("list")).doesNotContain("\u001b[");
    }

    @Test
    void key_isChanged_paused_resumed_rotatedAndRevoked() {
        String token = issue("alice", "CRM");
        String key = publicId(token);

        assertThat(cli.ok("update", key, "--name", "CRM, old", "--scope", "read:systems"))
                .contains("CRM, old", "read:systems");
        assertThat(cli.ok("pause", key)).contains("PAUSED");
        assertThat(works(token)).isFalse();
        assertThat(cli.ok("resume", key)).contains("ACTIVE");
        String rotated = cli.ok("rotate", key, "--grace", "0s").strip();
        assertThat(works(token)).isFalse();
        assertThat(works(rotated)).isTrue();
        cli.ok("revoke", publicId(rotated), "--reason", "leaked", "--actor", "ops");
        assertThat(works(rotated)).isFalse();
        assertThat(cli.ok("show", publicId(rotated))).contains("REVOKED", "leaked", "ops");
        assertThat(cli.ok("audit", "--event", "revoked")).contains("REVOKED", "leaked", "ops");
        assertThat(cli.run("pause", publicId(rotated)).code()).isEqualTo(Exit.REFUSED.code());
    }

    @Test
    void unknownKey_hasItsOwnCode() {
        assertThat(cli.run("show", "myk_000000000000000000000000").code()).isEqualTo(Exit.NOT_FOUND.code());
        assertThat(cli.run("show", UUID.randomUUID().toString()).code()).isEqualTo(Exit.NOT_FOUND.code());
    }

    @Test
    void secrets_thatAreTypedInTheWrongPlace_areNotRepeated() {
        String token = issue("alice", "CRM");
        String secret = "hunter2hunter2";

        CommandRun.Result asKey = cli.run("show", token);
        CommandRun.Result asOption = cli.run("list", "--password=" + secret);
        CommandRun.Result asArgument = cli.run("list", secret);
        CommandRun.Result inUrl = cli.run("list", "--url", "jdbc:postgresql://db/app?user=a&password=" + secret);
        CommandRun.Result beforeHost = cli.run("list", "--url", "jdbc:postgresql://a:" + secret + "@db/app");

        assertThat(asKey.messages()).contains("whole token").doesNotContain(token.substring(28));
        assertThat(asOption.messages()).contains("APIKEYS_DB_PASSWORD").doesNotContain(secret);
        assertThat(asArgument.messages()).doesNotContain(secret);
        assertThat(inUrl.messages()).contains("the parameter password").doesNotContain(secret);
        assertThat(beforeHost.messages()).contains("before the @").doesNotContain(secret);
        assertThat(Stream.of(asKey, asOption, asArgument, inUrl, beforeHost))
                .allSatisfy(result -> assertThat(result.code()).isEqualTo(Exit.USAGE.code()));
    }

    @Test
    void revocation_byFilter_showsTheCountAndAsks() {
        String first = issue("alice", "one");
        issue("alice", "two");
        String other = issue("bob", "three");

        assertThat(cli.run("revoke").code()).isEqualTo(Exit.USAGE.code());
        assertThat(cli.run("revoke", "--for-user", "alice", "--dry-run").messages())
                .contains("Would revoke 2 keys");
        CommandRun.Result nobody = cli.run("revoke", "--for-user", "alice");
        assertThat(nobody.code()).isEqualTo(Exit.NOT_CONFIRMED.code());
        assertThat(nobody.messages()).contains("2 keys", "--yes");
        CommandRun.Result no = cli.typing("n\n").run("revoke", "--for-user", "alice");
        assertThat(no.code()).isEqualTo(Exit.NOT_CONFIRMED.code());
        assertThat(works(first)).isTrue();
        CommandRun.Result yes = cli.typing("y\n").run("revoke", "--for-user", "alice");
        assertThat(yes.code()).isZero();
        assertThat(yes.messages()).contains("This revokes 2 keys", "Continue? [y/N]", "Revoked 2 keys.");
        assertThat(works(first)).isFalse();
        assertThat(works(other)).isTrue();
    }

    @Test
    void revocation_alsoOfKeysThatWereIssuedSinceTheQuestion_isSaid() {
        issue("alice", "one");
        CommandRun other = new CommandRun(url, "sa");

        CommandRun.Result revoked = cli.typing(() -> {
                    other.ok("issue", "--for-user", "alice", "--name", "late", "--mode", "read");
                    return "yes\n";
                })
                .run("revoke", "--for-user", "alice");

        assertThat(revoked.messages()).contains("This revokes 1 key ", "Revoked 2 keys. That is more than asked about");
    }

    @Test
    void revocation_thatWaits_returnsWhenItHoldsEverywhere() {
        String token = issue("alice", "one");

        CommandRun.Result waited = cli.run("revoke", publicId(token), "--wait", "--strict");

        assertThat(waited.code()).isZero();
        assertThat(waited.messages()).contains("Waiting");
    }

    @Test
    void revocation_thatWaits_waitsAsLongAsTheServicesTrust() {
        String token = issue("alice", "one");
        long began = System.nanoTime();

        cli.ok("revoke", publicId(token), "--wait", "--strict", "--lease-trust", "3s");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(cli.run("revoke", publicId(issue("alice", "two")), "--wait", "--lease-trust", "2h"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(2))
                .satisfies(refused -> assertThat(refused.messages()).contains("none is longer than an hour"));
    }

    /** As of a variable of a script that is not set: it can't be undone. */
    @Test
    void revocation_byATextThatIsEmpty_revokesNothing() {
        issue("alice", "one");
        for (String nothing : new String[] {"", " ", "\u200b"}) {
            CommandRun.Result refused = cli.run("revoke", "--search", nothing, "--yes");
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.messages()).contains("--search needs a text");
        }
        assertThat(cli.run("revoke", "--unused-since", "PT-1H", "--yes").code()).isEqualTo(2);
        assertThat(cli.run("issue", "--for-user", "u", "--name", "n", "--mode", "read", "--allow-from", ",")
                        .code())
                .isEqualTo(2);
        assertThat(cli.run(
                                "issue",
                                "--for-user",
                                "u",
                                "--name",
                                "n",
                                "--mode",
                                "read",
                                "--expires-in",
                                "PT2562047788015215H")
                        .code())
                .isEqualTo(2);

        assertThat(cli.ok("list")).contains("one").doesNotContain("REVOKED");
    }

    @Test
    void unusedAndExpiring_listWhatWorks() {
        issue("alice", "fresh");
        cli.ok("issue", "--for-user", "bob", "--name", "soon", "--mode", "read", "--expires-in", "5d");

        assertThat(cli.ok("unused", "--since", "0s")).contains("fresh", "soon");
        assertThat(cli.ok("unused", "--since", "90d")).isEmpty();
        assertThat(cli.ok("expiring", "--within", "10d")).contains("soon").doesNotContain("fresh");
    }

    @Test
    void peppers_areCounted() {
        String pepper = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        issue("alice", "plain");
        cli.with("APIKEYS_PEPPER_2026", pepper)
                .ok("issue", "--for-user", "bob", "--name", "n", "--mode", "read", "--pepper", "2026");

        assertThat(cli.ok("peppers")).contains("sha256", "hmac-sha256", "2026").doesNotContain(pepper);
        assertThat(cli.without("APIKEYS_PEPPER_2026")
                        .run("issue", "--for-user", "c", "--name", "n", "--mode", "read", "--pepper", "2026")
                        .messages())
                .contains("APIKEYS_PEPPER_2026");
    }

    @Test
    void export_andImport_moveKeysToAnotherDatabase() throws IOException {
        String token = issue("alice", "CRM");
        String revoked = issue("bob", "old");
        cli.ok("revoke", publicId(revoked));
        Path file = directory.resolve("keys.jsonl");
        cli.ok("export", "--out", file.toString());
        String exported = Files.readString(file);
        assertThat(cli.run("export", "--out", file.toString()).code()).isEqualTo(Exit.USAGE.code());
        assertThat(Files.readString(file)).isEqualTo(exported);
        String other = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        CommandRun there = new CommandRun(other, "sa");
        there.ok("schema", "create");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(token.substring(token.indexOf('.') + 1));
        there.ok("import", file.toString(), "--form", "exported");
        assertThat(there.ok("show", publicId(token))).isEqualTo(cli.ok("show", publicId(token)));
        assertThat(works(other, token)).isTrue();
        assertThat(works(other, revoked)).isFalse();
        assertThat(there.run("import", file.toString(), "--form", "exported").messages())
                .contains("2 were there already");
    }

    @Test
    void purge_removesWhatEndedLongAgo() {
        cli.ok("revoke", publicId(issue("alice", "CRM")));

        assertThat(cli.run("purge").code()).isEqualTo(Exit.NOT_CONFIRMED.code());
        assertThat(cli.run("purge", "--yes").messages()).contains("Removed 0 keys");
    }

    @Test
    void schema_isShownAndPrinted_andNoOtherCommandMakesTables() {
        CommandRun empty = new CommandRun("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa");

        assertThat(empty.run("schema", "status").code()).isEqualTo(Exit.UNFIT.code());
        assertThat(empty.run("list").code()).isEqualTo(Exit.UNFIT.code());
        assertThat(empty.ok("schema", "print")).contains("CREATE TABLE api_key (");
        assertThat(empty.run("schema", "status").out()).contains("NONE");
        assertThat(cli.ok("schema", "status")).contains("CURRENT");
        assertThat(cli.ok("schema", "upgrade")).contains("CURRENT");
    }

    @Test
    void help_ofEveryCommand_hasAnExampleAndTheCodes() {
        assertHelp(Commands.commandLine(
                new Surroundings(null, System.out, System.err, Map.of(), Terminal.NONE, q -> Optional.empty(), null)));
    }

    private static void assertHelp(CommandLine command) {
        assertThat(command.getUsageMessage()).contains("Example", "Exit codes:", "--url");
        command.getSubcommands().values().forEach(CommandTest::assertHelp);
    }

    @Test
    void completion_namesEveryCommand() {
        assertThat(cli.ok("completion")).contains("complete -F", "doctor", "--unused-since");
    }

    @Test
    void unreachableDatabase_hasItsOwnCode() {
        CommandRun.Result away = new CommandRun("jdbc:postgresql://localhost:1/app?connectTimeout=1", "a").run("list");

        assertThat(away.code()).isEqualTo(Exit.UNAVAILABLE.code());
        assertThat(away.messages()).contains("is the database running?");
    }
}
