package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What messages show and don't show, and where secrets come from. */
class MessageTest {
    private static final String SECRET = "hunter2hunter2";

    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTables() {
        cli.ok("schema", "create");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list --limit %",
                "list --page %",
                "list --status %",
                "list --kind %",
                "list --unused-since %",
                "list --metadata %",
                "list %",
                "%",
                "schema %",
                "show %",
                "show % %",
                "issue --expires-at %",
                "issue --for-user u --name n --mode %",
                "import f.csv --map %",
                "import f.csv --format %",
                "import f.csv --form %",
                "import f.csv --delimiter %",
                "audit --key %",
                "audit --event %",
                "list --password=%",
                "list --passwd %",
                "list -p%",
                "list --url %",
                "list --url jdbc:%",
                "list --url jdbc:postgresql://u:%@db/app",
                "list --url jdbc:postgresql://db/app?password=%",
                "list --url jdbc:postgresql://db/app?sslpassword=%",
                "list --url jdbc:mariadb://db/app?user=u&password=%",
                "list --url jdbc:mariadb://db/app?keyStorePassword=%",
                "list --url jdbc:h2:mem:x;PASSWORD=%",
                "rotate %",
                "purge --ended-before %",
                "revoke %",
                "doctor --nodes %"
            })
    void wordThatIsNotUnderstood_isNotRepeated(String line) {
        CommandRun.Result result = cli.run(line.replace("%", SECRET).split(" "));

        assertThat(result.code()).isEqualTo(Exit.USAGE.code());
        assertThat(result.messages()).startsWith("Error: ").doesNotContain(SECRET);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void pepperInThePlaceOfItsName_isNotRepeated() {
        String pepper = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

        CommandRun.Result issued =
                cli.run("issue", "--for-user", "u", "--name", "n", "--mode", "read", "--pepper", pepper);
        CommandRun.Result imported = cli.run("import", "f.csv", "--form", "devise", "--hmac-key", pepper);

        assertThat(issued.code()).isEqualTo(Exit.USAGE.code());
        assertThat(issued.messages()).doesNotContain(pepper.substring(0, 8));
        assertThat(imported.messages()).doesNotContain(pepper.substring(0, 8));
    }

    @Test
    void unknownCommand_isAnsweredWithTheCommandsThatThereAre() {
        assertThat(cli.run("lists").messages()).contains("there is no such command; there are issue, list, show");
    }

    @Test
    void controlCharacters_ofWhatWasTyped_areNotShown() {
        assertThat(cli.run("import", "f\u001b[31m.csv", "--form", "sanctum").messages())
                .contains("f\uFFFD[31m.csv")
                .doesNotContain("\u001b");
        assertThat(cli.run("import", "f.csv", "--form", "sanctum", "--map", "a\u001b[31m=b")
                        .messages())
                .doesNotContain("\u001b");
    }

    @Test
    void controlCharacters_ofTheDatabase_areNotShownToTerminals() throws Exception {
        cli.ok("issue", "--for-user", "alice", "--name", "name", "--mode", "read");
        // No library would write it, but others may write into the table.
        try (Connection connection = DriverManager.getConnection(database.url(), "sa", "");
                PreparedStatement change = connection.prepareStatement("UPDATE api_key SET name = ?, created_by = ?")) {
            change.setString(1, "a\u001b]0;title\u0007\u202Eb\u009Bc");
            change.setString(2, "\u001b[2J");
            change.executeUpdate();
        }

        String id = cli.typing("").ok("list", "--json").replaceAll("(?s).*\"id\" : \"([^\"]+)\".*", "$1");
        for (String[] command :
                new String[][] {{"list"}, {"show", id}, {"revoke", "--for-user", "alice", "--dry-run"}}) {
            CommandRun.Result result = cli.with("NO_COLOR", "1").run(command);
            assertThat(result.out()).doesNotContain("\u001b", "\u0007", "\u202E", "\u009B");
        }
        assertThat(cli.ok("list", "--json")).doesNotContain("\u001b", "\u0007");
    }

    @Test
    void password_comesFromAVariable_aFile_orAQuestion() throws Exception {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        DriverManager.getConnection(url, "keys", SECRET).close();
        Path file = Files.writeString(directory.resolve("password"), SECRET + "\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "wrong");

        CommandRun byVariable = new CommandRun(url, "keys").with("APIKEYS_DB_PASSWORD", SECRET);
        assertThat(byVariable.run("schema", "create").code()).isZero();
        CommandRun other = new CommandRun(url, "keys").without("APIKEYS_DB_PASSWORD");
        assertThat(other.run("list", "--password-file", file.toString()).code()).isZero();
        assertThat(other.run("list").code()).isEqualTo(Exit.UNAVAILABLE.code());
        CommandRun.Result refused = other.run("list", "--password-file", wrong.toString());
        assertThat(refused.code()).isEqualTo(Exit.UNAVAILABLE.code());
        assertThat(refused.messages()).contains("are user and password right?");
        CommandRun.Result asked = other.hiding(SECRET).run("list");
        assertThat(asked.code()).isZero();
        assertThat(asked.messages()).containsOnlyOnce("Password of keys").doesNotContain(SECRET);
        assertThat(other.run("list", "--password-file", "nowhere").messages()).contains("can't be read");
    }

    @Test
    void failureOfADriver_isToldByItsCode_andNotByItsText() {
        String text = "Key (name)=(" + SECRET + ") exists";

        assertThat(SqlReason.of(new SQLException(text, "08004")))
                .isEqualTo(" (the database rejected the connection; is a password missing?)");
        assertThat(SqlReason.of(new IllegalStateException(new SQLException(text, "3D000"))))
                .contains("no database of this name");
        assertThat(SqlReason.of(new SQLException(text, "42000", 1044))).contains("may not use this database");
        assertThat(SqlReason.of(new SQLException(text, "42501")))
                .contains("SQL state 42501")
                .contains("'doctor'");
        assertThat(SqlReason.of(new SQLException(text, "23505"))).isEqualTo(" (SQL state 23505)");
        assertThat(SqlReason.of(new IllegalStateException(text))).isEmpty();
    }

    @Test
    void databaseThatIsNotThere_isNotMade() {
        String url = "jdbc:h2:" + directory.resolve("typo");

        CommandRun.Result missing = new CommandRun(url, "sa").run("list");

        assertThat(missing.code()).isEqualTo(Exit.UNAVAILABLE.code());
        assertThat(missing.messages()).contains("there is no database of this name");
        assertThat(directory).isEmptyDirectory();
        new CommandRun(url, "sa").ok("schema", "create");
        assertThat(new CommandRun(url, "sa").run("list").code()).isZero();
    }

    @Test
    void outputThatIsClosed_isSaid_alsoInTheCode() {
        cli.ok("issue", "--for-user", "alice", "--name", "name", "--mode", "read");
        cli.into(MessageTest::closed);

        CommandRun.Result list = cli.run("list");
        assertThat(list.code()).isEqualTo(Exit.UNWRITTEN.code());
        assertThat(list.messages()).contains("could not be written to its end");
        assertThat(cli.run("list", "--json").code()).isEqualTo(Exit.UNWRITTEN.code());
        CommandRun.Result issued = cli.run("issue", "--for-user", "a", "--name", "n", "--mode", "read");
        assertThat(issued.code()).isEqualTo(Exit.FAILED.code());
        assertThat(issued.messages()).contains("is lost: revoke the key ");
    }

    static OutputStream closed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }
}
