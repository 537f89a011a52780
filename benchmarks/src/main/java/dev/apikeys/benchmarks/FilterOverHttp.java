package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the filter cost a request, beside no filter, a trivial one, and one that checks a signed token by Nimbus?
 * Four Jettys, each a process of its own, are asked in turns for half a second over 32 connections on the loopback, by a
 * load generator in this process ({@link HttpLoad}), each connection with a key of its own; the server's cost is the
 * processor time of its process. The servers have one processor and the generator another one ({@link Processors}), so the
 * server alone limits the requests per second.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar FilterOverHttp}; one shot is one turn of each.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 16)
@Fork(1)
@State(Scope.Benchmark)
public class FilterOverHttp {
    private static final int CONNECTIONS = 32;
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(500);

    private final Map<FilterServer.Kind, Running> servers = new EnumMap<>(FilterServer.Kind.class);
    private final HttpClient client = HttpClient.newHttpClient();
    private Processors processors = Processors.SHARED;
    private int turn;

    private record Running(ServerProcess process, HttpLoad load) {}

    /** Answers, and nanoseconds of the server's processors, for each filter. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counts {
        /** Turns in which server and generator had a processor each. */
        public long divided;
        /** Requests that the server without a filter answered. */
        public long noneAnswers;
        /** What they cost it. */
        public long noneCpu;
        /** Requests that the trivial filter let in. */
        public long trivialAnswers;
        /** What they cost. */
        public long trivialCpu;
        /** Requests that the library's filter let in. */
        public long keyAnswers;
        /** What they cost. */
        public long keyCpu;
        /** Requests that the Nimbus filter let in. */
        public long jwtAnswers;
        /** What they cost. */
        public long jwtCpu;
    }

    /** Starts the servers. */
    @Setup(Level.Trial)
    public void start() throws IOException {
        processors = Processors.divide();
        for (FilterServer.Kind kind : FilterServer.Kind.values()) {
            ServerProcess process = new ServerProcess(processors, FilterServer.class, kind.name());
            servers.put(kind, new Running(process, new HttpLoad(process.port(), CONNECTIONS, requests(kind))));
        }
    }

    /** Stops them. */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
        for (Running server : servers.values()) {
            server.load.close();
            server.process.close();
        }
    }

    /** One turn of each, each time in another order. */
    @Benchmark
    public void turns(Counts counts) throws IOException, InterruptedException {
        FilterServer.Kind[] kinds = FilterServer.Kind.values();
        turn++;
        counts.divided += processors == Processors.DIVIDED ? 1 : 0;
        for (int i = 0; i < kinds.length; i++) {
            FilterServer.Kind kind = kinds[(i + turn) % kinds.length];
            Running server = Objects.requireNonNull(servers.get(kind));
            long before = cpu(server);
            long answers = server.load.run(TURN);
            long spent = cpu(server) - before;
            switch (kind) {
                case NONE -> {
                    counts.noneAnswers += answers;
                    counts.noneCpu += spent;
                }
                case TRIVIAL -> {
                    counts.trivialAnswers += answers;
                    counts.trivialCpu += spent;
                }
                case API_KEY -> {
                    counts.keyAnswers += answers;
                    counts.keyCpu += spent;
                }
                case JWT -> {
                    counts.jwtAnswers += answers;
                    counts.jwtCpu += spent;
                }
            }
        }
    }

    private long cpu(Running server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.process.port() + "/cpu"))
                .build();
        return Long.parseLong(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static byte[][] requests(FilterServer.Kind kind) {
        String jwt = JwtKey.token();
        byte[][] requests = new byte[CONNECTIONS][];
        for (int i = 0; i < requests.length; i++) {
            String token = switch (kind) {
                case JWT -> jwt;
                case API_KEY -> GeneratedStore.token(i);
                case NONE, TRIVIAL -> GeneratedStore.token(0);
            };
            requests[i] = HttpLoad.request("/systems", "Bearer " + token);
        }
        return requests;
    }
}
