package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An export that is stopped as a process. Starting processes is slow, and knows no locale. */
@Tag("tr-skip")
class ExportStopTest {
    /** Several pages, over a line on which each takes its time. */
    private static final int KEYS = 6_000;

    @TempDir
    private Path directory;

    private void fill(TestDatabase database) throws Exception {
        Random random = new Random();
        List<String> lines = new ArrayList<>(List.of("lookup,hash,user,name,mode"));
        for (int i = 1; i <= KEYS; i++) {
            lines.add(i + "," + ForeignForm.SANCTUM.sample(i, random).hash() + ",u" + i + ",name,read");
        }
        Path file = Files.write(directory.resolve("tokens.csv"), lines);
        CommandRun cli = new CommandRun(database.url(), database.user());
        cli.ok("schema", "create");
        cli.ok("import", file.toString(), "--form", "sanctum");
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void stoppedExport_leavesNoFileWithAPartOfTheKeys(String signal, int code) throws Exception {
        Path exported = directory.resolve("keys.jsonl");
        Path messages = directory.resolve("messages");
        try (TestDatabase database = TestServers.postgres();
                SlowLine line = SlowLine.before(database, Duration.ofMillis(250))) {
            fill(database);
            ProcessBuilder builder = new ProcessBuilder(ProcessTest.java("export", "--out", exported.toString()));
            builder.environment().put("APIKEYS_DB_URL", line.over(database.url()));
            builder.environment().put("APIKEYS_DB_USER", database.user());
            builder.environment().put("APIKEYS_DB_PASSWORD", "");
            Process export = builder.redirectError(messages.toFile()).start();
            assertThat(TestServers.await(() -> Files.exists(exported) || !export.isAlive()))
                    .isTrue();
            assertThat(export.isAlive()).isTrue();

            new ProcessBuilder("kill", "-" + signal, Long.toString(export.pid()))
                    .start()
                    .waitFor();

            assertThat(export.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(export.exitValue()).isEqualTo(code);
            assertThat(exported).doesNotExist();
            assertThat(Files.readString(messages)).contains("Interrupted.", "was removed");
        }
    }
}
