package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metadata, ends and the tokens of one key. */
class KeyChangeTest {
    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();
    private String token = "";

    @BeforeEach
    void issueOneKey() {
        cli.ok("schema", "create");
        token = cli.ok(
                        "issue",
                        "--for-user",
                        "alice",
                        "--name",
                        "CRM",
                        "--mode",
                        "read",
                        "--metadata",
                        "team=payments",
                        "--metadata",
                        "label=main")
                .strip();
    }

    private String key() {
        return token.substring(0, token.indexOf('.'));
    }

    @Test
    void metadata_isShown_filteredByOneEntry_changedAndRemoved() {
        cli.ok("issue", "--for-user", "bob", "--name", "other", "--mode", "read");

        assertThat(cli.ok("list")).contains("METADATA", "label=main, team=payments");
        assertThat(cli.ok("list", "--metadata", "team=payments"))
                .contains("CRM")
                .doesNotContain("other");
        assertThat(cli.ok("list", "--metadata", "team=billing")).isEmpty();
        assertThat(cli.ok("update", key(), "--metadata", "team=billing", "--metadata", "label="))
                .contains("{team=billing}");
        assertThat(cli.ok("show", key(), "--json").replaceAll("\\s", ""))
                .contains("\"metadata\":{\"team\":\"billing\"}");
        assertThat(cli.run("update", key(), "--metadata", "x".repeat(41) + "=y").code())
                .isEqualTo(Exit.USAGE.code());
        assertThat(cli.run("list", "--metadata", "team").code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void listWithoutMetadata_hasNoColumnForIt() {
        cli.ok("update", key(), "--metadata", "team=", "--metadata", "label=");

        assertThat(cli.ok("list")).doesNotContain("METADATA");
    }

    @Test
    void end_isMovedEarlierAndLater() {
        LocalDate end = LocalDate.now(ZoneOffset.UTC).plusDays(10);

        assertThat(cli.ok("update", key(), "--expires-at", end.toString())).contains(end + "T00:00:00Z");
        assertThat(cli.run("update", key(), "--expires-in", "200d").code()).isZero();
        assertThat(cli.run("update", key(), "--expires-in", "9999d").code()).isEqualTo(Exit.REFUSED.code());
        assertThat(cli.run("update", key(), "--expires-in", "1d", "--expires-at", end.toString())
                        .code())
                .isEqualTo(Exit.USAGE.code());
    }

    @Test
    void keyThatWasRotated_isFoundByItsOldPublicIdToo() {
        String old = key();
        String rotated = cli.ok("rotate", old, "--grace", "1h").strip();

        assertThat(cli.ok("show", old)).isEqualTo(cli.ok("show", rotated.substring(0, rotated.indexOf('.'))));
        cli.ok("revoke", old);
        assertThat(database.accepts(token)).isFalse();
        assertThat(database.accepts(rotated)).isFalse();
    }

    @Test
    void prefixAndEnvironment_comeFromOptionsAndVariables() {
        String byOption = cli.ok(
                "issue",
                "--for-user",
                "a",
                "--name",
                "n",
                "--mode",
                "read",
                "--token-prefix",
                "acme",
                "--token-environment",
                "live",
                "--token-checksum");
        String byVariable = cli.with("APIKEYS_TOKEN_PREFIX", "acme")
                .with("APIKEYS_TOKEN_ENVIRONMENT", "test")
                .ok("issue", "--for-user", "a", "--name", "n", "--mode", "read");

        assertThat(byOption).startsWith("acme_live_");
        assertThat(byVariable).startsWith("acme_test_");
        String found = byOption.substring(0, byOption.indexOf('.'));
        assertThat(cli.ok("show", found)).contains(found.substring(found.lastIndexOf('_') + 1));
    }

    @Test
    void pagesOfAList_followOneAnother() {
        for (String name : new String[] {"one", "two", "three"}) {
            cli.ok("issue", "--for-user", "carol", "--name", name, "--mode", "read");
        }

        String first = cli.ok("list", "--for-user", "carol", "--limit", "2");
        String second = cli.ok("list", "--for-user", "carol", "--limit", "2", "--page", "2");

        assertThat(first.lines()).hasSize(3);
        assertThat(second.lines()).hasSize(2);
        assertThat(first + second).contains("one", "two", "three");
        assertThat(cli.run("list", "--limit", "0").messages()).contains("--limit is 1 to 1000");
        assertThat(cli.run("list", "--page", "0").messages()).contains("--page");
    }
}
