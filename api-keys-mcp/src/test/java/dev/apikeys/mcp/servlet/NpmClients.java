package dev.apikeys.mcp.servlet;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Official clients from npm, with pinned versions, installed once; a test without them is skipped, and says so. */
final class NpmClients {
    private static final long INSTALL_SECONDS = 120;

    private final Path directory;

    private NpmClients(Path directory) {
        this.directory = directory;
    }

    /** Installs what {@code package-lock.json} in a folder of the tests says, unless it is installed already. */
    static NpmClients require(String name) throws Exception {
        assumeTrue(runs("node", "--version") && runs("npm", "--version"), "skipped: there is no Node.js with npm");
        Path source = Path.of("src/test", name);
        NpmClients clients = new NpmClients(Path.of("target", name));
        Files.createDirectories(clients.directory);
        Path lock = clients.directory.resolve("package-lock.json");
        boolean isInstalled = Files.exists(clients.directory.resolve("node_modules"))
                && Files.exists(lock)
                && Files.mismatch(source.resolve("package-lock.json"), lock) < 0;
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, clients.directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!isInstalled) {
            Output installed = clients.run(
                    INSTALL_SECONDS, "npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund");
            assumeTrue(installed.status() == 0, "skipped: npm can't install the clients");
        }
        return clients;
    }

    /** What a program printed, and its status; -1 where it took too long. */
    record Output(int status, List<String> lines) {}

    /** Runs a program among the installed clients. */
    Output run(long seconds, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        Files.delete(log);
        return new Output(ended ? process.exitValue() : -1, lines);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
