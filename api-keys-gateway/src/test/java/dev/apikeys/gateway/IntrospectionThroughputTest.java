package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests for each second of processor time of a server of its own, against those of a servlet that authenticates the same
 * caller, reads the same form and answers a constant; and, to compare, of one that doesn't authenticate. Time of the
 * processor, because other processes disturb it less, and because requests for each second at one core are its inverse.
 */
@Tag("endurance")
class IntrospectionThroughputTest {
    private static final int BLOCKS = 15;
    private static final int WARM_UP_BLOCKS = 6;
    private static final int CONNECTIONS = 16;
    private static final int REQUESTS = 40_000;

    @Test
    void introspection_servesNineTenthsOfAConstantAnswer() throws Exception {
        Process server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThroughputServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(told.readLine());
            String caller = told.readLine();
            String token = told.readLine();
            List<Double> ofTheSame = new ArrayList<>();
            List<Double> ofTheBare = new ArrayList<>();
            try (Client introspect = new Client(port, "/keys/introspect", caller, token);
                    Client same = new Client(port, "/same", caller, token);
                    Client bare = new Client(port, "/bare", caller, token)) {
                List<Client> clients = List.of(introspect, same, bare);
                for (int block = 0; block < BLOCKS + WARM_UP_BLOCKS; block++) {
                    double[] micros = microsOfEach(server, clients, block);
                    double asked = micros[0];
                    double constant = micros[1];
                    double least = micros[2];
                    if (block >= WARM_UP_BLOCKS) {
                        ofTheSame.add(constant / asked);
                        ofTheBare.add(least / asked);
                        System.out.printf(
                                Locale.ROOT,
                                "introspection %.1f, constant answer %.1f, without authentication %.1f microseconds%n",
                                asked,
                                constant,
                                least);
                    }
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "introspection against a constant answer: median %.3f; against one without authentication: %.3f%n",
                    median(ofTheSame),
                    median(ofTheBare));
            assertThat(median(ofTheSame)).isGreaterThanOrEqualTo(0.9);
        } finally {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static double median(List<Double> ratios) {
        return ratios.stream().sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
    }

    /** Each block begins with another one, so that none always comes behind the same other one. */
    private static double[] microsOfEach(Process server, List<Client> clients, int block) throws IOException {
        double[] micros = new double[clients.size()];
        for (int i = 0; i < micros.length; i++) {
            int next = (block + i) % micros.length;
            micros[next] = micros(processorTime(server, clients.get(next)));
        }
        return micros;
    }

    private static double micros(Duration ofABlock) {
        return ofABlock.toNanos() / 1_000.0 / REQUESTS;
    }

    private static Duration processorTime(Process server, Client client) throws IOException {
        Duration before = server.info().totalCpuDuration().orElseThrow();
        for (int i = 0; i < REQUESTS / CONNECTIONS; i++) {
            client.askOnEach();
        }
        return server.info().totalCpuDuration().orElseThrow().minus(before);
    }

    /** Several connections with one request each at a time, so that the server never waits for the client. */
    private static final class Client implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();
        private final byte[] request;
        private final byte[] buffer = new byte[8192];

        Client(int port, String path, String caller, String token) throws IOException {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                sockets.add(socket);
            }
            String body = "token=" + token;
            request = String.join(
                            "\r\n",
                            "POST " + path + " HTTP/1.1",
                            "Host: 127.0.0.1",
                            "Authorization: Bearer " + caller,
                            "Content-Type: " + Verifying.FORM,
                            "Content-Length: " + body.length(),
                            "",
                            body)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        void askOnEach() throws IOException {
            for (Socket socket : sockets) {
                socket.getOutputStream().write(request);
            }
            for (Socket socket : sockets) {
                read(socket.getInputStream());
            }
        }

        /** The answers fit into one buffer and end with a brace. */
        private void read(InputStream in) throws IOException {
            int length = 0;
            do {
                int read = in.read(buffer, length, buffer.length - length);
                if (read < 0) {
                    throw new IOException("the server hung up");
                }
                length += read;
            } while (buffer[length - 1] != '}');
            if (buffer[9] != '2') {
                throw new IOException(new String(buffer, 0, length, StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
