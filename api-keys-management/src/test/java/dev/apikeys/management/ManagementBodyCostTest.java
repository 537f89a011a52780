package dev.apikeys.management;

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

    private static Map<String, String> worstBodies() {
        Map<String, String> bodies = new LinkedHashMap<>(WorstJson.objects(LIMIT));
        String most = "\"::1\",".repeat((LIMIT - 30) / 6);
        bodies.put("addresses", "{\"allowed_from\":[" + most.substring(0, most.length() - 1) + "]}");
        return bodies;
    }

    @ParameterizedTest
    @EnumSource
    void body_worstOf64KiB_costsItsThreadLessThan4MegabytesAnd5Milliseconds(Container container) throws Exception {
        BlockingQueue<RequestCost> costs = new LinkedBlockingQueue<>();
        try (ManagementWorld world = ManagementWorld.in(container)
                .filter(host -> RequestCost.measuredInto(costs))
                .start()) {
            for (Map.Entry<String, String> worst : worstBodies().entrySet()) {
                String what = worst.getKey();
                String body = worst.getValue();
                assertThat(body.getBytes(StandardCharsets.UTF_8).length)
                        .as(what)
                        .isBetween(LIMIT * 7 / 10, LIMIT);
                List<RequestCost> measured = RequestCost.ofRepeated(
                        costs,
                        WARM_UP,
                        MAX_NANOS,
                        // Read to its end, or the figure would be one of a body that was refused early.
                        () -> assertThat(world.as("alice@org_1", "POST", "", body)
                                        .body())
                                .as(what)
                                .contains("validation failed"));
                assertThat(measured)
                        .as(what)
                        .allSatisfy(cost -> assertThat(cost.bytes()).isBetween((long) LIMIT, MAX_ALLOCATED));
                assertThat(RequestCost.leastNanos(measured)).as(what).isLessThan(MAX_NANOS);
            }
        }
    }
}
