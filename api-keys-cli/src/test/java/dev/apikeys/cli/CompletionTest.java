package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for shells, in a real bash. */
class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path directory;

    /** What bash proposes for the last word. */
    private String completed(String... words) throws Exception {
        assumeTrue(Files.isExecutable(BASH), "SKIPPED: no bash");
        Path script = Files.writeString(
                directory.resolve("completion"), new CommandRun("jdbc:h2:mem:unused", "sa").ok("completion"));
        String command = "source " + script + "; COMP_WORDS=(api-keys-cli " + String.join(" ", words) + "); COMP_CWORD="
                + words.length
                + "; _complete_api-keys-cli api-keys-cli 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder(BASH.toString(), "-c", command)
                .redirectErrorStream(true)
                .start();
        String reply = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return reply;
    }

    @Test
    void commandsAndOptions_areCompleted() throws Exception {
        assertThat(completed("ex").lines()).containsExactly("expiring", "export");
        assertThat(completed("schema", "up").lines()).containsExactly("upgrade");
        assertThat(completed("list", "--unu").lines()).containsExactly("--unused-since");
        assertThat(completed("list", "--status", "PA").lines()).containsExactly("PAUSED");
    }

    @Test
    void script_isOneThatBashUnderstands_andNeedsNoDatabase() throws IOException {
        assertThat(new CommandRun("jdbc:postgresql://localhost:1/none", "a")
                        .run("completion")
                        .code())
                .isZero();
    }
}
