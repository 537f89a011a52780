package dev.apikeys.examples.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program and the published modules, in a Java of their own that is given a module path and no class path. */
class ModulePathTest {
    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target");

    @Test
    void program_onTheModulePath_issuesAndVerifiesAKey() throws Exception {
        assertThat(java("--module", "dev.apikeys.examples.modules/dev.apikeys.examples.modules.Program"))
                .containsExactly("Reports may read:*", "service: dev.apikeys.core", "filter: dev.apikeys.servlet");
    }

    @Test
    void modules_allTogether_areValid() throws Exception {
        assertThat(java("--validate-modules")).isEmpty();
        List<String> listed = java("--list-modules");
        for (String module :
                List.of("core", "password4j", "servlet", "management", "mcp.servlet", "gateway", "testkit")) {
            assertThat(listed).anyMatch(line -> line.matches("dev\\.apikeys\\." + module + "(@\\S+)? file:.*"));
        }
        assertThat(listed).anyMatch(line -> line.matches("dev\\.apikeys\\.jdbi(@\\S+)? file:.*"));
    }

    /** What it printed; it must have ended well and complained of nothing. */
    private static List<String> java(String... arguments) throws IOException, InterruptedException {
        Path errors = TARGET.resolve("errors.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--module-path");
        command.add(Files.readString(TARGET.resolve("module-path.txt")).strip()
                + File.pathSeparator
                + TARGET.resolve("classes"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        // SLF4J says that there is no logger.
        assertThat(Files.readAllLines(errors)).as(printed).allMatch(line -> line.startsWith("SLF4J"));
        assertThat(status).isZero();
        return printed.lines().toList();
    }
}
