package dev.apikeys.spring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that is compared with others by the requests that it answers. Not thread-safe. */
final class Contender implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final byte[] LAST = "hello, world".getBytes(StandardCharsets.US_ASCII);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String name;
    private final ConfigurableApplicationContext application;
    private final Set<Long> threads;
    private final ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> micros = new ArrayList<>();
    private byte[] request = {};

    Contender(String name, Supplier<ConfigurableApplicationContext> start) {
        Set<Long> before = running();
        this.name = name;
        this.application = start.get();
        this.threads = running();
        threads.removeAll(before);
    }

    private static Set<Long> running() {
        Set<Long> ids = new HashSet<>();
        for (long id : THREADS.getAllThreadIds()) {
            ids.add(id);
        }
        return ids;
    }

    ConfigurableApplicationContext application() {
        return application;
    }

    /** From now on clients send this bearer token. */
    void send(String token) {
        request = ("GET /hello HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** As many requests as fit into half a second. */
    void takeTurn() throws Exception {
        long usedBefore = processorNanos();
        long start = System.nanoTime();
        List<Future<Long>> counts = new ArrayList<>();
        for (int client = 0; client < CONNECTIONS; client++) {
            counts.add(clients.submit(() -> ask(start + TURN_NANOS)));
        }
        double sum = 0;
        for (Future<Long> count : counts) {
            sum += count.get();
        }
        perSecond.add(sum * 1e9 / (System.nanoTime() - start));
        micros.add((processorNanos() - usedBefore) / 1e3 / sum);
    }

    /** The time that the threads of the application have had, those of its clients not included. */
    private long processorNanos() {
        return threads.stream()
                .mapToLong(id -> Math.max(0, THREADS.getThreadCpuTime(id)))
                .sum();
    }

    private long ask(long end) throws IOException {
        byte[] buffer = new byte[8_192];
        int port = Integer.parseInt(application.getEnvironment().getProperty("local.server.port"));
        long count = 0;
        try (Socket socket = new Socket("localhost", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(request);
                int length = 0;
                do {
                    int read = in.read(buffer, length, buffer.length - length);
                    if (read < 0) {
                        throw new IOException("the server hung up");
                    }
                    length += read;
                } while (!Arrays.equals(
                        LAST, 0, LAST.length, buffer, Math.max(0, length - LAST.length), length));
                count++;
            }
        }
        return count;
    }

    void forget() {
        perSecond.clear();
        micros.clear();
    }

    /** The median over the rounds of this one's requests by the other's. */
    double requestsBeside(Contender other) {
        return median(quotients(perSecond, other.perSecond));
    }

    /** A line of a table; the ratios are requests by requests, and processor time by processor time. */
    String report(Contender open, Contender alone) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.2f | %.2f | %.1f µs | %.2f | %.2f |",
                name,
                median(perSecond),
                requestsBeside(open),
                requestsBeside(alone),
                median(micros),
                median(quotients(open.micros, micros)),
                median(quotients(alone.micros, micros)));
    }

    private static List<Double> quotients(List<Double> over, List<Double> under) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < over.size(); i++) {
            all.add(over.get(i) / under.get(i));
        }
        return all;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    @Override
    public void close() {
        clients.shutdownNow();
        application.close();
    }
}
