package dev.apikeys.benchmarks;

import java.io.IOException;
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
 * What does the guard cost an MCP server, in calls and in lists of 1 MiB? Two servers made with the official Java SDK, each
 * a process of its own, are asked in turns for half a second over the loopback: calls over 16 connections, lists over one.
 * The servers have one processor and the generator another one ({@link Processors}).
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar GuardOverHttp}; one shot is one turn of each.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 12)
@Measurement(iterations = 20)
@Fork(1)
@State(Scope.Benchmark)
public class GuardOverHttp {
    private static final int CONNECTIONS = 16;
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"tool_0\",\"arguments\":{}}}";
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private final Map<GuardServer.Kind, Running> servers = new EnumMap<>(GuardServer.Kind.class);
    private Processors processors = Processors.SHARED;
    private int turn;

    private record Running(ServerProcess process, HttpLoad calls, HttpLoad lists) {}

    /** Answers in all turns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counts {
        /** Turns in which server and generator had a processor each. */
        public long divided;
        /** Calls that the server without a guard answered. */
        public long plainCalls;
        /** Calls that came through the guard. */
        public long guardedCalls;
        /** Lists that the server without a guard gave. */
        public long plainLists;
        /** Lists that came through the guard. */
        public long guardedLists;
    }

    /** Starts the servers. */
    @Setup(Level.Trial)
    public void start() throws IOException {
        processors = Processors.divide();
        for (GuardServer.Kind kind : GuardServer.Kind.values()) {
            ServerProcess process = new ServerProcess(processors, GuardServer.class, kind.name());
            int port = process.port();
            String token = process.line();
            // The list first: by it the guard learns which tools only read.
            HttpLoad lists = new HttpLoad(port, 1, new byte[][] {HttpLoad.message("/mcp", token, LIST)});
            HttpLoad calls = new HttpLoad(port, CONNECTIONS, new byte[][] {HttpLoad.message("/mcp", token, CALL)});
            servers.put(kind, new Running(process, calls, lists));
        }
    }

    /** Stops them. */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
        for (Running server : servers.values()) {
            server.calls.close();
            server.lists.close();
            server.process.close();
        }
    }

    /** One turn of each, each time in another order. */
    @Benchmark
    public void turns(Counts counts) throws IOException {
        GuardServer.Kind[] kinds = GuardServer.Kind.values();
        turn++;
        counts.divided += processors == Processors.DIVIDED ? 1 : 0;
        for (int i = 0; i < kinds.length; i++) {
            GuardServer.Kind kind = kinds[(i + turn) % kinds.length];
            Running server = Objects.requireNonNull(servers.get(kind));
            long calls = server.calls.run(TURN);
            long lists = server.lists.run(TURN);
            if (kind == GuardServer.Kind.GUARD) {
                counts.guardedCalls += calls;
                counts.guardedLists += lists;
            } else {
                counts.plainCalls += calls;
                counts.plainLists += lists;
            }
        }
    }
}
