package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.RequestCost;
import dev.apikeys.testservers.ServletServer.Container;
import dev.apikeys.testservers.WorstJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threat T35: what the worst messages of 64 KiB cost, from a key that may send them. */
@Tag("tr-skip") // Counting knows no locale.
class GuardBodyCostTest {
    private static final int LENGTH = 64 * 1024;
    private static final long MAX_ALLOCATED = 4_000_000;
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int WARM_UP = 40;

    private static Map<String, String> worstMessages() {
        Map<String, String> messages = new LinkedHashMap<>();
        int forArguments = LENGTH
                - request(1, "tools/call", "{\"name\":\"look\",\"arguments\":}").length();
        WorstJson.objects(forArguments)
                .forEach((what, arguments) -> messages.put(
                        what, request(1, "tools/call", "{\"name\":\"look\",\"arguments\":" + arguments + "}")));
        messages.put("batch of calls, ids with one hash code", batch());
        return messages;
    }

    /** As many calls as a batch may have. */
    private static String batch() {
        int forEach = LENGTH / MessageReader.MAX_MESSAGES
                - call(WorstJson.collidingName(0), "{}").length();
        String arguments = "{\"x\":[" + "{},".repeat((forEach - 10) / 3) + "{}]}";
        return IntStream.range(0, MessageReader.MAX_MESSAGES)
                .mapToObj(i -> call(WorstJson.collidingName(i), arguments))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String call(String id, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"tools/call\",\"params\":{\"name\":\"look\","
                + "\"arguments\":" + arguments + "}}";
    }

    @ParameterizedTest
    @EnumSource
    void message_worstOf64KiB_costsItsThreadLessThan4MegabytesAnd5Milliseconds(Container container) throws Exception {
        BlockingQueue<RequestCost> costs = new LinkedBlockingQueue<>();
        try (GuardWorld world = new GuardWorld(container, RequestCost.measuredInto(costs))) {
            for (Map.Entry<String, String> worst : worstMessages().entrySet()) {
                String what = worst.getKey();
                String body = worst.getValue();
                assertThat(body.getBytes(StandardCharsets.UTF_8).length)
                        .as(what)
                        .isBetween(LENGTH * 7 / 10, LENGTH);
                List<RequestCost> measured = RequestCost.ofRepeated(
                        costs,
                        WARM_UP,
                        MAX_NANOS,
                        // Passed on, or the figure would be one of a message that was refused early.
                        () -> assertThat(world.passes(world.issueOnce(), body))
                                .as(what)
                                .isTrue());
                assertThat(measured)
                        .as(what)
                        .allSatisfy(cost -> assertThat(cost.bytes()).isBetween((long) LENGTH, MAX_ALLOCATED));
                assertThat(RequestCost.leastNanos(measured)).as(what).isLessThan(MAX_NANOS);
            }
        }
    }
}
