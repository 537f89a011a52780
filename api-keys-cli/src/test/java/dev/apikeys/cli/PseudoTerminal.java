package dev.apikeys.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A command on a terminal of its own, and somebody who reads and types there. Thread-safe. */
final class PseudoTerminal implements AutoCloseable {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private final Process process;
    private final StringBuilder shown = new StringBuilder();
    private int read;

    private PseudoTerminal(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "terminal");
        reader.setDaemon(true);
        reader.start();
    }

    /** Skips the test where there is no program that makes terminals. */
    static PseudoTerminal of(List<String> command, Map<String, String> environment) throws IOException {
        assumeTrue(Files.isExecutable(SCRIPT), "SKIPPED: no script command of util-linux for a terminal");
        String line = command.stream().map(part -> "'" + part + "'").collect(Collectors.joining(" "));
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qec", line, "/dev/null");
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        return new PseudoTerminal(builder.redirectErrorStream(true).start());
    }

    private void read() {
        byte[] block = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int length = in.read(block); length >= 0; length = in.read(block)) {
                append(new String(block, 0, length, StandardCharsets.UTF_8));
            }
        } catch (IOException ended) {
            append("");
        }
    }

    private synchronized void append(String text) {
        shown.append(text);
    }

    private synchronized boolean isShown(String text) {
        int at = shown.indexOf(text, read);
        read = at < 0 ? read : at + text.length();
        return at >= 0;
    }

    /** Returns when the terminal shows the text, behind what was awaited before. */
    PseudoTerminal awaiting(String text) {
        if (!TestServers.await(() -> isShown(text))) {
            throw new AssertionError("the terminal never shows '" + text + "', but: " + shown());
        }
        return this;
    }

    PseudoTerminal typing(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** The code with which it ended. */
    int code() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it doesn't end, and shows: " + shown());
        }
        return process.exitValue();
    }

    synchronized String shown() {
        return shown.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
