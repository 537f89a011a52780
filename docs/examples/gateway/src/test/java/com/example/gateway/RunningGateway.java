package com.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A gateway with the configuration of this example, on free ports, in a process of its own. */
final class RunningGateway implements AutoCloseable {
    private static final Path CONFIGURATIONS = Path.of("conf");

    private final Process process;
    private final Path folder;
    private final int port;

    private RunningGateway(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts it. Where it isn't installed the test is skipped, or fails with {@code -Dgateways.required=true}.
     *
     * @param verification the port of the verification server
     * @param service the port of the service behind
     */
    static RunningGateway start(Product product, int verification, int service) throws IOException {
        return start(product, verification, service, UnaryOperator.identity());
    }

    /** The same with configurations that were changed. */
    static RunningGateway start(Product product, int verification, int service, UnaryOperator<String> change)
            throws IOException {
        Path executable = product.executable().orElse(null);
        String missing = product.program() + " is not installed, so nothing is tested with it";
        if (executable == null && Boolean.getBoolean("gateways.required")) {
            fail(missing);
        }
        assumeTrue(executable != null, missing);
        Path folder = Files.createTempDirectory("gateway");
        int port = freePort();
        try (Stream<Path> files = Files.list(CONFIGURATIONS)) {
            for (Path file : files.toList()) {
                Files.writeString(
                        folder.resolve(file.getFileName()),
                        withPorts(
                                change.apply(Files.readString(file)),
                                Map.of(8080, port, 8090, verification, 8070, service)));
            }
        }
        ProcessBuilder builder = new ProcessBuilder(product.command(executable, folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().put("XDG_DATA_HOME", folder.toString());
        builder.environment().put("XDG_CONFIG_HOME", folder.toString());
        RunningGateway gateway = new RunningGateway(builder.start(), folder, port);
        try {
            gateway.awaitStart();
        } catch (RuntimeException | Error neverStarted) {
            gateway.close();
            throw neverStarted;
        }
        return gateway;
    }

    static String withPorts(String text, Map<Integer, Integer> ports) {
        String replaced = text;
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            replaced = replaced.replace("127.0.0.1:" + port.getKey(), "127.0.0.1:" + port.getValue());
        }
        return replaced;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart() {
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .ignoreException(ConnectException.class)
                .untilAsserted(() -> {
                    assertThat(process.isAlive())
                            .as(() -> "it runs; it has said: " + output())
                            .isTrue();
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                });
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output.txt"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    int port() {
        return port;
    }

    /** Where it runs, with everything that it writes. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        // nginx has children, which end with it.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
