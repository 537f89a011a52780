package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that {@code export} wrote, and of which lines were changed. */
class BrokenExportTest {
    private final CommandRun cli = new TestDatabaseInMemory().cli();
    private final CommandRun other = new TestDatabaseInMemory().cli();

    @TempDir
    private Path directory;

    private void issue(String name) {
        cli.ok("issue", "--for-user", "alice", "--name", name, "--mode", "read");
    }

    @Test
    void lineThatNoStoreCanKeep_isRefused_andTheOthersAreImported() throws IOException {
        cli.ok("schema", "create");
        other.ok("schema", "create");
        issue("first");
        issue("second");
        issue("third");
        Path file = directory.resolve("keys.jsonl");
        cli.ok("export", "--out", file.toString());
        List<String> lines = Files.readAllLines(file);
        Stream<UnaryOperator<String>> changes = Stream.of(
                line -> line.replaceAll("\"publicId\":\"(.{8}).{16}\"", "\"publicId\":\"$1\""),
                line -> line.replaceAll("\"hash\":\"[^\"]*\"", "\"hash\":\"\""),
                line -> line.replaceAll("\"hash\":\"([^\"]*)\"", "\"hash\":\"$1 é\""),
                line -> line.replaceAll("\"hash\":\"([^\"]*)\"", "\"hash\":\"" + "x".repeat(513) + "\""),
                line -> line.replaceAll("\"name\":\"[^\"]*\"", "\"name\":\"" + "n".repeat(600) + "\""),
                line -> line.replaceAll("\"version\":1", "\"version\":0"));
        for (UnaryOperator<String> change : changes.toList()) {
            String changed = change.apply(lines.get(1));
            assertThat(changed).isNotEqualTo(lines.get(1));
            Files.write(file, List.of(lines.get(0), changed, lines.get(2)));

            CommandRun.Result tried = other.run("import", file.toString(), "--form", "exported", "--dry-run");

            assertThat(tried.messages()).as(changed).contains("keys of 3 lines", "1 refused");
            assertThat(tried.code()).isEqualTo(Exit.INCOMPLETE.code());
            CommandRun.Result imported = other.run("import", file.toString(), "--form", "exported");
            assertThat(imported.messages()).as(changed).contains("of 3 lines", "1 refused");
            assertThat(imported.out()).contains("\n2 ");
            assertThat(imported.code()).isEqualTo(Exit.INCOMPLETE.code());
        }
        assertThat(other.ok("list")).contains("first", "third").doesNotContain("second");
    }
}
