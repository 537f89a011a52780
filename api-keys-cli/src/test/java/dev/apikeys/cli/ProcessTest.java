package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, with and without a terminal. Starting processes is slow, and knows no locale. */
@Tag("tr-skip")
class ProcessTest {
    @TempDir
    private Path directory;

    private record Ended(int code, String out, String messages) {}

    /** A shell starts what runs in its background so that Ctrl-C doesn't reach it, and processes inherit that. */
    private static final List<String> WITH_CTRL_C = withCtrlC();

    static List<String> java(String... args) {
        List<String> command = new ArrayList<>(WITH_CTRL_C);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ApiKeysCli.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Only some systems have this option. */
    private static List<String> withCtrlC() {
        List<String> command = List.of("env", "--default-signal=INT");
        try {
            Process trial = new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return trial.waitFor() == 0 ? command : List.of();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("env can't be tried", e);
        }
    }

    private static ProcessBuilder builder(TestDatabase database, String... args) {
        ProcessBuilder builder = new ProcessBuilder(java(args));
        builder.environment().put("APIKEYS_DB_URL", database.url());
        builder.environment().put("APIKEYS_DB_USER", database.user());
        builder.environment().put("APIKEYS_DB_PASSWORD", "");
        return builder;
    }

    private Ended run(TestDatabase database, String... args) throws Exception {
        Path out = Files.createTempFile(directory, "out", "");
        Path messages = Files.createTempFile(directory, "messages", "");
        Process process = builder(database, args)
                .redirectOutput(out.toFile())
                .redirectError(messages.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(messages));
    }

    private static PseudoTerminal onTerminal(TestDatabase database, String... args) throws IOException {
        return PseudoTerminal.of(
                java(args), Map.of("APIKEYS_DB_URL", database.url(), "APIKEYS_DB_USER", database.user()));
    }

    private void live(TestDatabase database) throws Exception {
        assertThat(run(database, "schema", "create").code()).isZero();
        Ended issued = run(database, "issue", "--for-user", "alice", "--name", "CRM", "--mode", "read");
        assertThat(issued.code()).isZero();
        assertThat(issued.out()).matches("myk_[0-9a-f]{24}\\.[0-9a-f]{48}\\R");
        assertThat(issued.messages()).doesNotContain(issued.out().strip());
        Ended listed = run(database, "list", "--json");
        assertThat(listed.out()).contains("\"name\" : \"CRM\"");
        String key = issued.out().substring(0, issued.out().indexOf('.'));
        assertThat(run(database, "revoke", key, "--reason", "test").code()).isZero();
        assertThat(run(database, "revoke", key).code()).isEqualTo(Exit.REFUSED.code());
    }

    @Test
    void process_onPostgres() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            live(database);
        }
    }

    @Test
    void process_onMariaDb() throws Exception {
        try (TestDatabase database = TestServers.mariaDb()) {
            live(database);
        }
    }

    @Test
    void terminal_asksForThePassword_showsProgressAndColours_andAsksBeforeItRevokes() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            run(database, "schema", "create");
            Path file = Files.writeString(directory.resolve("tokens.csv"), rows());
            try (PseudoTerminal imported =
                    onTerminal(database, "import", file.toString(), "--form", "sanctum", "--set", "mode=read")) {
                imported.awaiting("Password of postgres").typing("typedpassword\n");
                assertThat(imported.code()).isZero();
                imported.awaiting("Import").awaiting("100%").awaiting("Imported 200 keys");
                assertThat(imported.shown()).doesNotContain("typedpassword");
            }
            try (PseudoTerminal listed = onTerminal(database, "list", "--limit", "2")) {
                listed.awaiting("Password of postgres").typing("\n");
                assertThat(listed.code()).isZero();
                listed.awaiting("\u001b[").awaiting("KEY ID");
            }
            try (PseudoTerminal kept = onTerminal(database, "revoke", "--search", "name")) {
                kept.awaiting("Password").typing("\n");
                kept.awaiting("This revokes 200 keys and can't be undone. Continue? [y/N]")
                        .typing("\u0003");
                assertThat(kept.code()).isEqualTo(Exit.INTERRUPTED.code());
            }
            assertThat(run(database, "list", "--status", "active").messages()).contains("of 200 keys");
            try (PseudoTerminal revoked = onTerminal(database, "revoke", "--search", "name")) {
                revoked.awaiting("Password").typing("\n");
                revoked.awaiting("Continue? [y/N]").typing("y\n");
                assertThat(revoked.code()).isZero();
                revoked.awaiting("Revoked 200 keys");
            }
        }
    }

    @Test
    void drivers_writeNothingOfTheirOwn() throws Exception {
        try (TestDatabase postgres = TestServers.postgres();
                TestDatabase mariaDb = TestServers.mariaDb()) {
            TestDatabase mistyped = new TestDatabase("jdbc:postgresql://u:hunter2hunter2/app", "u", "");

            assertThat(run(mistyped, "list").messages()).startsWith("Error: ").doesNotContain("hunter2");
            assertThat(run(mariaDb, "list").messages().lines()).hasSize(1);
            assertThat(run(postgres, "list").messages().lines()).hasSize(1);
        }
    }

    @Test
    void closedOutput_isSaid_andEndsTheCommand() throws Exception {
        try (TestDatabase database = TestServers.postgres()) {
            run(database, "schema", "create");
            Path full = Path.of("/dev/full");
            assumeTrue(Files.exists(full), "SKIPPED: no /dev/full");
            ProcessBuilder builder = builder(database, "issue", "--for-user", "u", "--name", "n", "--mode", "read");
            Path messages = Files.createTempFile(directory, "messages", "");
            Process issue = builder.redirectOutput(full.toFile())
                    .redirectError(messages.toFile())
                    .start();
            assertThat(issue.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(issue.exitValue()).isEqualTo(Exit.FAILED.code());
            assertThat(Files.readString(messages)).contains("the token could not be written and is lost: revoke");
            Process list = builder(database, "list")
                    .redirectOutput(full.toFile())
                    .redirectError(messages.toFile())
                    .start();
            assertThat(list.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(list.exitValue()).isEqualTo(Exit.UNWRITTEN.code());
            assertThat(Files.readString(messages)).contains("could not be written to its end");
        }
    }

    private static String rows() {
        StringBuilder rows = new StringBuilder("lookup,hash,user,name\n");
        for (int i = 1; i <= 200; i++) {
            byte[] hash = new byte[32];
            hash[0] = (byte) i;
            hash[1] = 1;
            rows.append(i)
                    .append(',')
                    .append(HexFormat.of().formatHex(hash))
                    .append(",u")
                    .append(i)
                    .append(",name\n");
        }
        return rows.toString();
    }
}
