package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Mode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The first key, where its token can't be written. */
@Tag("tr-skip") // A disk knows no locale.
class FirstKeyTest {
    @TempDir
    private Path directory;

    private static FirstKey firstKey(KeyService keys, Path file) {
        return new FirstKey(keys, new BootstrapProperties(file, "alice", null, "bootstrap", Mode.WRITE));
    }

    @Test
    void diskThatIsFull_leavesNoKeyThatWorks_andNoFile_soThatTheNextStartTriesAgain() throws Exception {
        Path file = directory.resolve("first-key");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDisk.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("could not be written; keys that work: 0; keys: 1; file: false");
        assertThat(said).contains("could not be written; keys that work: 0; keys: 2; file: false");
    }

    /** Starts twice on a disk that is full. */
    static final class FullDisk {
        private FullDisk() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            try (KeyService keys =
                    KeyService.builder(new InMemoryApiKeyStore()).build()) {
                for (int start = 0; start < 2; start++) {
                    try {
                        firstKey(keys, file).afterSingletonsInstantiated();
                    } catch (UncheckedIOException full) {
                        List<ApiKey> all = keys.listAll(KeyFilter.everything());
                        System.out.printf(
                                "could not be written; keys that work: %d; keys: %d; file: %s%n",
                                all.stream().filter(key -> key.countsAt(keys.now())).count(),
                                all.size(),
                                Files.exists(file));
                    }
                }
            }
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void emptyFile_isNamedAtEachStart(CapturedOutput output) throws Exception {
        Path file = Files.createFile(directory.resolve("first-key"));
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            firstKey(keys, file).afterSingletonsInstantiated();

            assertThat(output).contains(file + " is empty", "revoke the key named bootstrap");
            assertThat(keys.listAll(KeyFilter.everything())).isEmpty();
        }
    }
}
