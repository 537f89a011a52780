package com.example.gateway;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** A relay in a process of its own, so that its work can be told from that of the nodes. */
final class RelayProcess {
    private RelayProcess() {}

    /** Prints its port, and runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(pool);
            KeyService keys = KeyService.builder(store).build();
            ServletHolder relay = new ServletHolder(Relays.relay(keys, store));
            relay.setAsyncSupported(true);
            ServletContextHandler context = new ServletContextHandler();
            context.addServlet(relay, "/feed/*");
            Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.setHandler(context);
            server.start();
            System.out.println(server.getURI().getPort());
            server.join();
        }
    }

    /** Starts it. */
    static Running start(String url) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RelayProcess.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader told =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = told.readLine();
        if (port == null) {
            process.destroyForcibly();
            throw new IOException("the relay did not start");
        }
        return new Running(process, URI.create("http://127.0.0.1:" + port + "/feed"));
    }

    /** A relay that runs. */
    record Running(Process process, URI address) implements AutoCloseable {
        Duration processorTime() {
            return process.info().totalCpuDuration().orElseThrow();
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
