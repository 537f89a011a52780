package dev.apikeys.benchmarks;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a decision about an agent's call cost, under a policy with the longest list of tools there may be?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar McpDecide -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class McpDecide {
    private final McpPolicy policy = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(IntStream.range(0, McpPolicy.MAX_TOOLS)
                    .mapToObj(i -> i % 2 == 0 ? "tool_" + i : "family_" + i + "_*")
                    .toList())
            .projects(IdAllowlist.of(List.of("p1", "p2")));
    private final McpCall listed = McpCall.tool("tool_42").inProject("p1");
    private final McpCall byPrefix = McpCall.tool("family_7_of_them").inProject("p1");
    private final McpCall unlisted = McpCall.tool("tool_43").inProject("p1");

    /** A tool by its name. */
    @Benchmark
    public McpDecision listedTool() {
        return policy.decide(listed);
    }

    /** A tool by the beginning of its name. */
    @Benchmark
    public McpDecision toolByPrefix() {
        return policy.decide(byPrefix);
    }

    /** A tool that isn't listed. */
    @Benchmark
    public McpDecision unlistedTool() {
        return policy.decide(unlisted);
    }
}
