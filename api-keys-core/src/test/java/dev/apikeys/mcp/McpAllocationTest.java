package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("tr-skip") // Counting knows no locale.
class McpAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int DECISIONS = 20_000;
    private static final int ROUNDS = 10;

    private static final McpPolicy POLICY = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(IntStream.range(0, McpPolicy.MAX_TOOLS)
                    .mapToObj(i -> i % 2 == 0 ? "tool_" + i : "family_" + i + "_*")
                    .toList())
            .projects(IdAllowlist.of(List.of("p1", "p2")))
            .instances(IdAllowlist.of(List.of("i1")));

    @ParameterizedTest
    @MethodSource("commonCases")
    void decision_afterWarmUp_allocatesNothing(McpPolicy policy, McpCall call) {
        long least = Long.MAX_VALUE;
        int allowed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < DECISIONS; i++) {
                allowed += policy.decide(call).isAllowed() ? 1 : 0;
                allowed += policy.lists(call) ? 1 : 0;
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for %d decisions about %s", DECISIONS, call).isZero();
        assertThat(allowed % DECISIONS).isZero();
    }

    static Stream<Arguments> commonCases() {
        return Stream.of(
                        McpCall.tool("tool_42"),
                        McpCall.tool("family_7_of_them"),
                        McpCall.tool("tool_43"),
                        McpCall.tool(""),
                        McpCall.tool("tool_42").inProject("p1").onInstance("i1"),
                        McpCall.tool("tool_42").inProject("p1").onInstance("i2"),
                        McpCall.of("tools/list"),
                        McpCall.of("initialize"),
                        McpCall.of("notifications/initialized"),
                        McpCall.of("resources/read").inProject("p3"),
                        McpCall.of("logging/setLevel"),
                        McpCall.of("no/such/method"))
                .flatMap(call -> Stream.of(POLICY, POLICY.onlyReading(), POLICY.pause(), McpPolicy.DEFAULT)
                        .map(policy -> Arguments.of(policy, call)));
    }
}
