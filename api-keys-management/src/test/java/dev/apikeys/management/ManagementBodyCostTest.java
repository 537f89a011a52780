package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

/** What the worst bodies within the limit cost. */
@Tag("tr-skip") // Counting knows no locale.
class ManagementBodyCostTest {
    private static final int LIMIT = RequestBody.MAX_LENGTH;
    private static final long MAX_ALLOCATED = 4_000_000;

    /** 64 KiB each of what costs a parser most. */
    private static Map<String, String> worstBodies() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("empty arrays", filled("[],"));
        bodies.put("empty objects", filled("{},"));
        bodies.put("arrays of one", filled("[0],"));
        bodies.put("objects of one", filled("{\"\":0},"));
        bodies.put("small numbers", filled("1,"));
        bodies.put("long numbers", filled("1".repeat(999) + ","));
        bodies.put("decimals", filled("1e9,"));
        bodies.put("short strings", filled("\"\","));
        bodies.put("escapes", "{\"x\":\"" + "\\u0041".repeat((LIMIT - 8) / 6) + "\"}");
        bodies.put("one string", "{\"x\":\"" + "\u00fc".repeat((LIMIT - 8) / 2) + "\"}");
        bodies.put(
                "distinct names",
                IntStream.range(0, 6_500)
                        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
        bodies.put("deepest arrays", filled("[".repeat(30) + "]".repeat(30) + ","));
        bodies.put("deepest objects", filled("{\"\":".repeat(30) + "0" + "}".repeat(30) + ","));
        return bodies;
    }

    private static String filled(String element) {
        String elements = element.repeat((LIMIT - 11) / element.length());
        return "{\"name\":[" + elements.substring(0, elements.length() - 1) + "]}";
    }

    @ParameterizedTest
    @EnumSource
    void body_worstOf64KiB_allocatesLessThan4MegabytesOnItsThread(Container container) throws Exception {
        BlockingQueue<Long> allocated = new LinkedBlockingQueue<>();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Filter measuring = (request, response, chain) -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            chain.doFilter(request, response);
            allocated.add(threads.getCurrentThreadAllocatedBytes() - before);
        };
        try (ManagementWorld world =
                ManagementWorld.in(container).filter(host -> measuring).start()) {
            for (Map.Entry<String, String> worst : worstBodies().entrySet()) {
                String what = worst.getKey();
                String body = worst.getValue();
                assertThat(body.getBytes(StandardCharsets.UTF_8).length)
                        .as(what)
                        .isBetween(LIMIT * 7 / 10, LIMIT);
                List<Long> costs = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    // Read to its end, or the figure would be one of a body that was refused early.
                    assertThat(world.as("alice@org_1", "POST", "", body).body())
                            .as(what)
                            .contains("validation failed");
                    costs.add(allocated.poll(10, TimeUnit.SECONDS));
                }
                // The first one may load classes, which is no cost of the body.
                assertThat(costs.subList(1, 3))
                        .as(what)
                        .allSatisfy(bytes -> assertThat(bytes).isBetween((long) LIMIT, MAX_ALLOCATED));
            }
        }
    }
}
