package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.RequestCost;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A list of which the key may use everything is kept once, and passed on without a copy. */
@Tag("tr-skip") // Counting knows no locale.
class ListCostTest {
    private static final int TOOLS = 256;
    private static final int ROUNDS = 30;

    @ParameterizedTest
    @EnumSource
    void list_ofAKeyThatMayUseEverything_isKeptOnce(Container container) throws Exception {
        BlockingQueue<RequestCost> costs = new LinkedBlockingQueue<>();
        try (GuardWorld world = new GuardWorld(container, RequestCost.measuredInto(costs))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String list = IntStream.range(0, TOOLS)
                    .mapToObj(i -> "{\"name\":\"tool_" + i + "\",\"description\":\"" + "Describes itself. ".repeat(200)
                            + "\"}")
                    .collect(Collectors.joining(",", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[", "]}}"));
            world.mcp.answers(ScriptedServer.json(list));
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(world.post(key, request(1, "tools/list", "{}")).body())
                        .isEqualTo(list);
                least = Math.min(least, costs.poll(10, TimeUnit.SECONDS).bytes());
            }
            // Once by the server, which encodes it, and once by the guard.
            assertThat(least).isBetween(list.length() * 2L, list.length() * 5L / 2);
        }
    }
}
