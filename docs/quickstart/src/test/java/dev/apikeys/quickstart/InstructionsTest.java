package dev.apikeys.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InstructionsTest {
    @Test
    void lines_pastedIntoBash_endInTheListOfSystems() throws Exception {
        Settings settings = Settings.inDirectory(Path.of("never-used")).onPort(0);
        try (Quickstart quickstart = Quickstart.start(settings.database("jdbc:h2:mem:" + UUID.randomUUID()))) {
            String pasted = String.join("\n", Instructions.lines(quickstart.port())) + "\n";
            Process bash = new ProcessBuilder("bash").redirectErrorStream(true).start();
            bash.getOutputStream().write(pasted.getBytes(UTF_8));
            bash.getOutputStream().close();

            String[] shown = new String(bash.getInputStream().readAllBytes(), UTF_8).split("\n");

            assertThat(bash.waitFor()).isZero();
            assertThat(shown[0]).matches("[0-9a-f]{64}");
            assertThat(shown[1]).matches("myk_[0-9a-f]{24}\\.[0-9a-f]{48}");
            assertThat(shown[2]).startsWith("{\"systems\":[{");
            assertThat(shown).hasSize(3);
        }
    }
}
