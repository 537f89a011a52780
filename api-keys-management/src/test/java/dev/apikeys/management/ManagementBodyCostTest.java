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

/** Threat T35: what the worst bodies within the limit cost. */
@Tag("tr-skip") // Counting knows no locale.
class ManagementBodyCostTest {
    private static final int LIMIT = RequestBody.MAX_LENGTH;
    private static final long MAX_ALLOCATED = 4_000_000;
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int WARM_UP = 20;
    private static final int MEASURED = 15;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What one request costs its thread. The time is that of the processor, which other processes don't disturb. */
    private record Cost(long bytes, long nanos) {
        static Cost untilNow() {
            return new Cost(THREADS.getCurrentThreadAllocatedBytes(), THREADS.getCurrentThreadCpuTime());
        }

        Cost since(Cost before) {
            return new Cost(bytes - before.bytes, nanos - before.nanos);
        }
    }

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
        bodies.put(
                "names with one hash code",
                IntStream.range(0, 2_048)
                        .mapToObj(i -> "\"" + collidingName(i) + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
        bodies.put("deepest arrays", filled("[".repeat(30) + "]".repeat(30) + ","));
        bodies.put("deepest objects", filled("{\"\":".repeat(30) + "0" + "}".repeat(30) + ","));
        return bodies;
    }

    private static String filled(String element) {
        String elements = element.repeat((LIMIT - 11) / element.length());
        return "{\"name\":[" + elements.substring(0, elements.length() - 1) + "]}";
    }

    /** Another name of 22 letters for each number below 2,048, all with one {@link String#hashCode()}. */
    private static String collidingName(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 11; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    @ParameterizedTest
    @EnumSource
    void body_worstOf64KiB_costsItsThreadLessThan4MegabytesAnd5Milliseconds(Container container) throws Exception {
        BlockingQueue<Cost> costs = new LinkedBlockingQueue<>();
        Filter measuring = (request, response, chain) -> {
            Cost before = Cost.untilNow();
            chain.doFilter(request, response);
            costs.add(Cost.untilNow().since(before));
        };
        try (ManagementWorld world =
                ManagementWorld.in(container).filter(host -> measuring).start()) {
            for (Map.Entry<String, String> worst : worstBodies().entrySet()) {
                String what = worst.getKey();
                String body = worst.getValue();
                assertThat(body.getBytes(StandardCharsets.UTF_8).length)
                        .as(what)
                        .isBetween(LIMIT * 7 / 10, LIMIT);
                List<Cost> measured = new ArrayList<>();
                for (int i = 0; i < WARM_UP + MEASURED; i++) {
                    // Read to its end, or the figure would be one of a body that was refused early.
                    assertThat(world.as("alice@org_1", "POST", "", body).body())
                            .as(what)
                            .contains("validation failed");
                    measured.add(costs.poll(10, TimeUnit.SECONDS));
                }
                // The first ones load and compile classes, which is no cost of the body.
                measured.subList(0, WARM_UP).clear();
                assertThat(measured)
                        .as(what)
                        .allSatisfy(cost -> assertThat(cost.bytes()).isBetween((long) LIMIT, MAX_ALLOCATED));
                long[] nanos = measured.stream().mapToLong(Cost::nanos).sorted().toArray();
                assertThat(nanos[MEASURED / 2]).as(what).isLessThan(MAX_NANOS);
            }
        }
    }
}
