package dev.apikeys.benchmarks;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A Jetty in a process of its own: how it serves, and how a benchmark starts and ends it.
 *
 * <p>Not thread-safe.
 */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;

    /**
     * Starts a program that {@linkplain #serve serves}.
     *
     * @param processors where it runs
     * @param program a class with a {@code main}
     * @param argument its only argument
     */
    ServerProcess(Processors processors, Class<?> program, String argument) throws IOException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // With one processor the virtual machine would choose another garbage collector.
                "-XX:ActiveProcessorCount=2",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                argument);
        process = new ProcessBuilder(processors.server(java))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.US_ASCII);
        port = Integer.parseInt(out.readLine());
    }

    /** Where it listens on the loopback. */
    int port() {
        return port;
    }

    /** What it prints next. */
    String line() throws IOException {
        return out.readLine();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** In that process: puts a filter before all dispatches to these paths. */
    static void add(ServletContextHandler context, Filter filter, String paths) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, paths, EnumSet.allOf(DispatcherType.class));
    }

    /** In that process: prints the port and these lines, and serves until the standard input ends. */
    static void serve(ServletContextHandler context, String... lines) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        System.out.println(connector.getLocalPort());
        for (String line : lines) {
            System.out.println(line);
        }
        while (System.in.read() >= 0) {
            // Until the benchmark closes the input, or ends.
        }
        server.stop();
    }
}
