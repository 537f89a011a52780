package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeySpec;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RequestCost;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The work of an answer doesn't tell either whether an inactive token exists. */
@Tag("tr-skip") // Work knows no locale.
class InactiveWorkTest {
    private static final int ROUNDS = 400;
    private static final int WARM_UP = 200;

    /** Whoever has no right secret can only send these two, and must not learn which of the ids exists. */
    @Test
    void unknownId_andWrongSecret_takeTheSameWork() throws Exception {
        BlockingQueue<RequestCost> costs = new LinkedBlockingQueue<>();
        try (FilterKeys keys = new FilterKeys()) {
            String caller = FilterKeys.issue(
                            keys.service, KeySpec.forUser("service", "org_1").scopes(Verifying.SCOPE))
                    .token()
                    .reveal();
            Map<String, String> tokens = new LinkedHashMap<>();
            tokens.put("unknown", FilterKeys.unknownToken());
            tokens.put("wrong secret", FilterKeys.withOtherEnd(keys.readerToken()));
            VerificationServlet servlet = VerificationServlet.builder(keys.service)
                    .introspection(Callers.withScope(Verifying.SCOPE))
                    .build();
            Map<String, List<RequestCost>> measured = new LinkedHashMap<>();
            try (ServletServer server = ServletServer.in(Container.JETTY)
                    .filter(RequestCost.measuredInto(costs), "/*")
                    .servlet(servlet, "/keys/*")
                    .start()) {
                for (int round = 0; round < ROUNDS + WARM_UP; round++) {
                    for (Map.Entry<String, String> token : tokens.entrySet()) {
                        Http.call(
                                "POST",
                                server.uri("/keys/introspect"),
                                "token=" + token.getValue(),
                                "Content-Type",
                                Verifying.FORM,
                                "Authorization",
                                "Bearer " + caller);
                        RequestCost cost = costs.poll(10, TimeUnit.SECONDS);
                        if (round >= WARM_UP) {
                            measured.computeIfAbsent(token.getKey(), name -> new ArrayList<>())
                                    .add(cost);
                        }
                    }
                }
            }
            long unknownBytes = medianOfBytes(measured.get("unknown"));
            long wrongBytes = medianOfBytes(measured.get("wrong secret"));
            long unknownNanos = RequestCost.leastNanos(measured.get("unknown"));
            long wrongNanos = RequestCost.leastNanos(measured.get("wrong secret"));
            System.out.printf(
                    "inactive answers: unknown id %d bytes, %d ns; wrong secret %d bytes, %d ns%n",
                    unknownBytes, unknownNanos, wrongBytes, wrongNanos);

            assertThat(Math.abs(unknownBytes - wrongBytes)).isLessThanOrEqualTo(64);
            assertThat((double) unknownNanos / wrongNanos).isBetween(0.8, 1.25);
        }
    }

    private static long medianOfBytes(List<RequestCost> costs) {
        return costs.stream()
                .mapToLong(RequestCost::bytes)
                .sorted()
                .skip(costs.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
