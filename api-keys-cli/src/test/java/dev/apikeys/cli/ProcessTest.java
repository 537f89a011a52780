package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, with and without a terminal. Starting processes is slow, and knows no locale. */
@Tag("tr-skip")
class ProcessTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String messages) {}

    private static List<String> java(String... args) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ApiKeysCli.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    private Ended run(TestDatabase database, String... args) throws Exception {
        Path out = Files.createTempFile(directory, "out", "");
        Path messages = Files.createTempFile(directory, "messages", "");
        ProcessBuilder builder = new ProcessBuilder(java(args));
        builder.environment().put("APIKEYS_DB_URL", database.url());
        builder.environment().put("APIKEYS_DB_USER", database.user());
        builder.environment().put("APIKEYS_DB_PASSWORD", "");
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(messages.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(messages));
    }

    /** Runs it on a terminal of its own, types, and gives all that the terminal showed. */
    private String onTerminal(TestDatabase database, String typed, String... args) throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "SKIPPED: no script command of util-linux for a terminal");
        List<String> quoted = java(args).stream().map(part -> "'" + part + "'").toList();
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qec", String.join(" ", quoted), "/dev/null");
        builder.environment().put("APIKEYS_DB_URL", database.url());
        builder.environment().put("APIKEYS_DB_USER", database.user());
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return shown;
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

            String imported = onTerminal(
                    database, "typedpassword\n", "import", file.toString(), "--form", "sanctum", "--set", "mode=read");
            String listed = onTerminal(database, "typedpassword\n", "list", "--limit", "2");
            String revoked = onTerminal(database, "typedpassword\ny\n", "revoke", "--search", "name");

            assertThat(imported).contains("Password of postgres", "Import", "100%", "Imported 200 keys");
            assertThat(listed).contains("\u001b[");
            assertThat(revoked)
                    .contains("This revokes 200 keys and can't be undone. Continue? [y/N]", "Revoked 200 keys");
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
