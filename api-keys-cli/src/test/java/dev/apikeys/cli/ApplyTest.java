package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that a file declares. */
class ApplyTest {
    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();

    @TempDir
    private Path directory;

    private Path token;
    private Path file;

    @BeforeEach
    void declareOneKey() throws IOException {
        cli.ok("schema", "create");
        token = directory.resolve("ci.key");
        file = declare("""
                keys:
                  - name: CI
                    organization: org_1
                    scopes: [read:systems]
                    expires-at: never
                    metadata: {team: payments}
                    token-file: %s
                """.formatted(token));
    }

    private Path declare(String yaml) throws IOException {
        return Files.writeString(directory.resolve("keys.yaml"), yaml);
    }

    private String apply() {
        return cli.ok("apply", file.toString());
    }

    private CommandRun.Result refused() {
        return cli.run("apply", file.toString());
    }

    @Test
    void absentKey_isIssuedOnce_intoAFileOfItsOwner() throws IOException {
        assertThat(cli.ok("apply", file.toString(), "--dry-run")).contains("WOULD BE", "issued");
        assertThat(token).doesNotExist();
        assertThat(cli.ok("list")).isEmpty();

        assertThat(apply()).contains("WAS", "issued");
        assertThat(database.accepts(Files.readString(token).strip())).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        String before = cli.ok("list", "--json");
        assertThat(apply()).contains("left alone");
        assertThat(cli.ok("list", "--json")).isEqualTo(before).contains("\"team\" : \"payments\"");
    }

    @Test
    void consumedTokenFile_isNotWrittenAgain() throws IOException {
        apply();
        Files.delete(token);

        assertThat(apply()).contains("left alone");
        assertThat(token).doesNotExist();
    }

    @Test
    void changedDeclaration_isCarriedOver_andARevokedKeyIsIssuedAnew() throws IOException {
        apply();
        String first = Files.readString(token).strip();
        String yaml = Files.readString(file);
        declare(yaml.replace("read:systems", "read:users")
                .replace("payments", "billing")
                .replace("expires-at: never", "allowed-from: [10.0.0.0/8]"));

        assertThat(apply()).contains("updated");
        assertThat(cli.ok("list", "--json")).contains("read:users", "10.0.0.0/8", "billing");
        assertThat(apply()).contains("left alone");
        cli.ok("revoke", first.substring(0, first.indexOf('.')));
        CommandRun.Result inTheWay = refused();
        assertThat(inTheWay.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(inTheWay.out()).contains("refused", "exists, and is not overwritten");
        assertThat(Files.readString(token).strip()).isEqualTo(first);
        Files.delete(token);
        assertThat(apply()).contains("issued");
    }

    @Test
    void end_isMoved() throws IOException {
        LocalDate first = LocalDate.now(ZoneOffset.UTC).plusDays(60);
        LocalDate earlier = first.minusDays(30);
        declare(Files.readString(file).replace("never", "'" + first + "'"));
        apply();
        declare(Files.readString(file).replace(first.toString(), earlier.toString()));

        assertThat(apply()).contains("updated");
        assertThat(cli.ok("list", "--json")).contains("\"expiresAt\" : \"" + earlier + "T00:00:00Z\"");
    }

    @Test
    void hash_isDeclaredInsteadOfASecret() throws IOException {
        String issued = cli.ok("issue", "--for-user", "alice", "--name", "CRM", "--mode", "write")
                .strip();
        Path exported = directory.resolve("keys.jsonl");
        cli.ok("export", "--out", exported.toString());
        JsonNode key = new ObjectMapper().readTree(Files.readString(exported));
        String declared = """
                keys:
                  - name: CRM
                    user: alice
                    mode: write
                    id: %s
                    public-id: %s
                    hash: %s
                """.formatted(
                        key.get("id").asText(),
                        key.get("publicId").asText(),
                        key.get("tokens").get(0).get("hash").asText());
        TestDatabaseInMemory other = new TestDatabaseInMemory();
        other.cli().ok("schema", "create");
        Path there = declare(declared);

        assertThat(other.cli().ok("apply", there.toString())).contains("imported");
        assertThat(other.accepts(issued)).isTrue();
        assertThat(other.cli().ok("apply", there.toString())).contains("left alone");
        other.cli().ok("revoke", key.get("id").asText());
        assertThat(other.cli().ok("apply", there.toString())).contains("left alone");
        assertThat(other.accepts(issued)).isFalse();
    }

    @Test
    void declaredHash_isOnlyOfTheKeyThatItNames() throws IOException {
        cli.ok("issue", "--for-user", "alice", "--name", "CRM", "--mode", "read");
        Path exported = directory.resolve("keys.jsonl");
        cli.ok("export", "--out", exported.toString());
        JsonNode key = new ObjectMapper().readTree(Files.readString(exported));
        String id = key.get("id").asText();
        String publicId = key.get("publicId").asText();
        String hash = key.get("tokens").get(0).get("hash").asText();
        String other = hash.substring(0, hash.length() - 1) + (hash.endsWith("0") ? "1" : "0");
        String before = cli.ok("list", "--json");
        for (String declared : new String[] {
            "organization: org_attacker, mode: write, id: " + id + ", public-id: " + publicId + ", hash: " + hash,
            "user: alice, mode: write, id: " + id + ", public-id: " + "0".repeat(24) + ", hash: " + hash,
            "user: alice, mode: write, id: " + id + ", public-id: " + publicId + ", hash: " + other
        }) {
            declare("keys:\n  - {name: CRM, " + declared + "}\n");
            CommandRun.Result result = refused();
            assertThat(result.code()).as(declared).isEqualTo(Exit.INCOMPLETE.code());
            assertThat(result.out()).contains("refused").doesNotContain(other);
            assertThat(cli.ok("list", "--json")).isEqualTo(before);
        }
    }

    @Test
    void endThatIsDeclaredAway_isRefused_andNotTakenForDone() throws IOException {
        String endless = Files.readString(file);
        declare(endless.replace("    expires-at: never\n", ""));
        apply();
        declare(endless);

        CommandRun.Result result = refused();

        assertThat(result.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(result.out()).contains("refused", "no key can be made endless");
    }

    @Test
    void declaration_thatIsStoredInAnotherForm_isLeftAloneTheNextTime() throws IOException {
        declare(Files.readString(file)
                .replace("name: CI", "name: 'CI '")
                .replace(
                        "expires-at: never",
                        "expires-at: 2027-03-01T00:00:00.123456Z\n    allowed-from: ['::1', '0::1']"));
        assertThat(apply()).contains("issued");
        assertThat(apply()).contains("left alone");
    }

    @Test
    void hashedKey_whoseNameIsStoredInAnotherForm_isLeftAloneTheNextTime() throws IOException {
        declare("""
                keys:
                  - name: 'CRM '
                    user: alice
                    mode: write
                    id: 018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f
                    public-id: 00112233445566778899aabb
                    hash: sha256$%s
                """.formatted("0".repeat(64)));
        assertThat(apply()).contains("imported");
        assertThat(apply()).contains("left alone");
        assertThat(cli.ok("list", "--json")).contains("\"CRM\"");
    }

    @Test
    void oneRefusedKey_spoilsNoOther() throws IOException {
        Files.createDirectory(directory.resolve("locked"));
        declare("""
                keys:
                  - {name: one, user: alice, mode: read, token-file: '%s/no-such-folder/one.key'}
                  - {name: two, user: alice, mode: read, token-file: '%s/two.key'}
                """.formatted(directory, directory));

        CommandRun.Result applied = refused();

        assertThat(applied.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(applied.out()).containsPattern("one .*refused +the file .* can't be made");
        assertThat(applied.out()).containsPattern("two .*issued");
        assertThat(cli.ok("list")).contains("two").doesNotContain("one");
    }

    @Test
    void runThatWasStoppedBeforeTheTokenWasWritten_isNoticed() throws IOException {
        Files.createFile(token);
        assertThat(refused().out()).contains("exists, and is not overwritten");
        cli.ok("issue", "--for-organization", "org_1", "--name", "CI", "--scope", "read:systems");

        CommandRun.Result lost = refused();

        assertThat(lost.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(lost.out()).contains("which is lost: revoke the key");
    }

    @Test
    void symbolicLink_isNotFollowed() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        Files.createSymbolicLink(token, elsewhere);

        assertThat(refused().code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(elsewhere).doesNotExist();
        assertThat(cli.run("issue", "--for-user", "a", "--name", "n", "--mode", "read", "--out", token.toString())
                        .code())
                .isEqualTo(Exit.USAGE.code());
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void brokenFile_isRefusedByItsLine_orByTheNameOfTheKey_andNotQuoted() throws IOException {
        assertRefused("keys:\n  - name: [hunter2\n", "line");
        assertRefused(
                "keys:\n  - {name: n, user: u, mode: read, pasword: hunter2, token-file: x}\n", "no field pasword");
        assertRefused("keys:\n  - {name: n, user: u, mode: hunter2, token-file: x}\n", "'n'", "read or write");
        assertRefused("keys:\n  - {name: n, mode: read, token-file: x}\n", "'n'", "an owner has");
        assertRefused("keys:\n  - {name: n, user: u, mode: read}\n", "'n'", "token-file");
        assertRefused("keys:\n  - {name: n, user: u, mode: read, hash: hunter2, token-file: x}\n", "'n'", "public-id");
        assertRefused("keys:\n  - {name: n, user: u, mode: read, token-file: x, expires-at: hunter2}\n", "a time is");
        String start = "keys:\n  - {name: n, user: u, token-file: x, ";
        assertRefused(start + "mode: read, metadata: {note: ''}}\n", "'n'", "isn't blank");
        assertRefused(start + "mode: read, metadata: {note: }}\n", "'n'", "an empty item");
        assertRefused(start + "mode: read, allowed-from: [10.0.0.1, null]}\n", "'n'", "an empty item");
        assertRefused(start + "scopes: ['read:a', null]}\n", "'n'", "an empty item");
        assertRefused("keys:\n  - {user: u, mode: read, token-file: x}\n", "no name");
        assertRefused("other: 1\n", "no field other");
        assertRefused("keys:\n", "no list 'keys'");
        assertRefused("", "not understood");
        assertRefused("keys:\n  -\n", "an empty item");
        String one = "keys:\n  - {name: n, user: u, mode: read, token-file: x}\n";
        assertRefused(one + "---\n" + one, "not understood");
        assertRefused("keys:\n  - {name: n, user: u, mode: read, token-file: x, mode: write}\n", "not understood");
        String twice = "  - {name: n, user: u, mode: read, token-file: x}\n";
        assertRefused("keys:\n" + twice + twice, "declares a key twice");
        String padded = "  - {name: \"n \", user: u, mode: read, token-file: y}\n";
        assertRefused("keys:\n" + twice + padded, "declares a key twice");
    }

    private void assertRefused(String yaml, String... parts) throws IOException {
        declare(yaml);
        CommandRun.Result result = refused();
        assertThat(result.code()).isEqualTo(Exit.USAGE.code());
        assertThat(result.messages()).contains(parts).doesNotContain("hunter2");
        assertThat(cli.ok("list")).isEmpty();
    }

    @Test
    void json_hasTheSameNamesAlways() throws IOException {
        assertThat(cli.ok("apply", file.toString(), "--json").replaceAll("\\s", ""))
                .isEqualTo("[{\"name\":\"CI\",\"owner\":\"org_1\",\"action\":\"issued\",\"reason\":\"\"}]");
    }
}
