package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocations that a database lost are made again from an audit trail: {@code revoke --from-audit}. */
@Tag("tr-skip") // No locale changes what was revoked.
class RepeatedRevocationTest {
    @TempDir
    private Path directory;

    private TestDatabase before;
    private TestDatabase after;
    private CommandRun lost;
    private CommandRun cli;
    private String leaked = "";
    private String left = "";
    private String kept = "";

    /** The old primary has three revocations, one of them of a key that its standby never got. The standby has one. */
    @BeforeEach
    void failOver() throws Exception {
        before = TestServers.postgres();
        after = TestServers.postgres();
        lost = new CommandRun(before.url(), before.user());
        cli = new CommandRun(after.url(), after.user());
        lost.ok("schema", "create");
        cli.ok("schema", "create");
        leaked = issue("alice");
        left = issue("bob");
        kept = issue("carol");
        lost.ok("revoke", publicId(left), "--reason", "left the company");
        Path copy = directory.resolve("standby.jsonl");
        lost.ok("export", "--out", copy.toString());
        cli.ok("import", copy.toString(), "--form", "exported");
        lost.ok("revoke", publicId(leaked), "--reason", "leaked in a log");
        lost.ok("revoke", publicId(issue("dave")));
        lost.ok("rotate", publicId(kept));
    }

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private String issue(String user) {
        return lost.ok("issue", "--for-user", user, "--name", "CRM of " + user, "--mode", "read")
                .strip();
    }

    private static String publicId(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private Path trail() throws IOException {
        return Files.writeString(directory.resolve("trail.json"), lost.ok("audit", "--limit", "1000", "--json"));
    }

    private String status(String token) {
        return cli.ok("show", publicId(token), "--json").replaceAll("(?s).*\"status\" : \"(\\w+)\".*", "$1");
    }

    @Test
    void lostRevocation_isMadeAgainWithItsReason_andTheRestIsReported() throws IOException {
        String file = trail().toString();
        assertThat(status(leaked)).isEqualTo("ACTIVE");

        CommandRun.Result looked = cli.run("revoke", "--from-audit", file, "--dry-run");
        assertThat(looked.code()).isZero();
        assertThat(looked.out()).contains("CRM of alice", "to be revoked", "revoked already", "not there");
        assertThat(looked.messages()).contains("Would revoke 1 key. Revoked already: 1, not there: 1.");
        assertThat(status(leaked)).isEqualTo("ACTIVE");

        CommandRun.Result done = cli.run("revoke", "--from-audit", file, "--yes", "--wait", "--strict");
        assertThat(done.code()).isZero();
        assertThat(done.messages())
                .contains("Revoked 1 key. Revoked already: 1, not there: 1.", "which this can't repeat: 1.");
        assertThat(status(leaked)).isEqualTo("REVOKED");
        assertThat(status(kept)).isEqualTo("ACTIVE");
        assertThat(cli.ok("show", publicId(leaked))).contains("leaked in a log");
        assertThat(cli.ok("show", publicId(left))).contains("left the company");
        assertThat(looked.out() + looked.messages() + done.out() + done.messages())
                .doesNotContain(leaked.substring(leaked.indexOf('.') + 1), "$");
    }

    @Test
    void secondRun_changesNothing() throws IOException {
        String file = trail().toString();
        cli.ok("revoke", "--from-audit", file, "--yes");
        String entries = after.value("SELECT COUNT(*) FROM api_key_audit");
        String epoch = after.value("SELECT epoch FROM api_key_epoch");

        CommandRun.Result again = cli.run("revoke", "--from-audit", file);

        assertThat(again.code()).isZero();
        assertThat(again.messages()).contains("Revoked 0 keys. Revoked already: 2, not there: 1.");
        assertThat(after.value("SELECT COUNT(*) FROM api_key_audit")).isEqualTo(entries);
        assertThat(after.value("SELECT epoch FROM api_key_epoch")).isEqualTo(epoch);
    }

    @Test
    void withoutAnAnswer_nothingIsRevoked() throws IOException {
        assertThat(cli.run("revoke", "--from-audit", trail().toString()).code()).isEqualTo(Exit.NOT_CONFIRMED.code());
        assertThat(status(leaked)).isEqualTo("ACTIVE");
    }

    @Test
    void entriesOneBehindTheOther_asALogHasThem_areRead_andAnotherReasonIsTaken() throws IOException {
        String id = lost.ok("show", publicId(leaked), "--json").replaceAll("(?s).*\"id\" : \"([0-9a-f-]+)\".*", "$1");
        Path file = Files.writeString(directory.resolve("events.jsonl"), """
                {"event":"revoked","keyId":"%s"}
                {"event":"REVOKED","keyId":"%s","reason":"twice"}
                {"event":"CREATED","keyId":"%s"}
                """.formatted(id, id, UUID.randomUUID()));

        CommandRun.Result done =
                cli.run("revoke", "--from-audit", file.toString(), "--yes", "--reason", "lost in the fail-over");

        assertThat(done.messages()).contains("Revoked 1 key.");
        assertThat(cli.ok("show", publicId(leaked))).contains("lost in the fail-over");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"event\":\"REVOKED\",\"keyId\":\"%s\"},{\"event\":\"REVOKED\",\"keyId\":\"hunter2hunter2\"}]",
                "[{\"event\":\"REVOKED\",\"keyId\":\"%s\"},{\"keyId\":\"hunter2hunter2\"}]",
                "[{\"event\":\"REVOKED\",\"keyId\":\"%s\"},\"hunter2hunter2\"]",
                "{\"event\":\"REVOKED\",\"keyId\":\"%s\"}\nhunter2hunter2",
                "[{\"event\":\"REVOKED\",\"keyId\":\"%s\"},{\"event\":\"REVOKED\",\"keyId"
            })
    void fileThatIsNoTrail_isRefusedBeforeAnythingIsDone_andNotQuoted(String text) throws IOException {
        String id = lost.ok("show", publicId(leaked), "--json").replaceAll("(?s).*\"id\" : \"([0-9a-f-]+)\".*", "$1");
        Path file = Files.writeString(directory.resolve("wrong.json"), text.formatted(id));

        CommandRun.Result result = cli.run("revoke", "--from-audit", file.toString(), "--yes");

        assertThat(result.code()).isEqualTo(Exit.USAGE.code());
        assertThat(result.messages()).contains("entry").doesNotContain("hunter2");
        assertThat(status(leaked)).isEqualTo("ACTIVE");
    }

    @Test
    void trailTogetherWithAKeyOrAFilter_orAFileThatIsMissing_isNotUnderstood() throws IOException {
        String file = trail().toString();
        for (String[] arguments : new String[][] {
            {"revoke", "--from-audit", file, publicId(leaked)},
            {"revoke", "--from-audit", file, "--for-user", "alice"},
            {"revoke", "--from-audit", directory.resolve("none").toString()},
            {"revoke"}
        }) {
            assertThat(cli.run(arguments).code()).isEqualTo(Exit.USAGE.code());
        }
    }
}
