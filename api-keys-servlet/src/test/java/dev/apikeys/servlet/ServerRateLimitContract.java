package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The promises of an engine that can die and come back while its nodes go on. */
abstract class ServerRateLimitContract<E extends SharedEngine.Server> extends SharedRateLimitContract<E> {
    /** What the warning names when the engine is away, a pattern. */
    abstract String failure();

    @Test
    void node_thatLostTheEngine_countsByItself_warnsOnceAMinute_andSharesAgain() throws Exception {
        Bucket4jRateLimit limit = limit(PATIENT);
        ServletServer node = node(limit);
        ServletServer other = node(limit(PATIENT));
        assertThat(passed(60, node, alice)).isEqualTo(60);
        assertThat(limit.backEndFailures()).isZero();
        engine.kill();
        try (LogCapture log = LogCapture.start()) {
            assertThat(passed(150, node, alice)).isEqualTo(100);
            assertThat(limit.backEndFailures()).isEqualTo(150);
            String wrong = FilterKeys.withOtherEnd(alice.token().reveal());
            assertThat(Http.get(node.uri("/x"), "X-API-Key", wrong).statusCode())
                    .isEqualTo(401);
            assertThat(warnings(log)).hasSize(1);

            time.advance(Duration.ofMinutes(1));
            assertThat(passed(150, node, alice)).isEqualTo(100);
            assertThat(warnings(log))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.text())
                            .contains("this node counts by itself")
                            .containsPattern(failure()));
        } finally {
            engine.restart();
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> answers(node, limit));
        time.advance(Duration.ofSeconds(2));
        assertThat(passed(60, node, alice) + passed(60, other, alice)).isEqualTo(100);
    }

    private boolean answers(ServletServer node, Bucket4jRateLimit limit) {
        time.advance(Duration.ofSeconds(2));
        long before = limit.backEndFailures();
        passed(1, node, alice);
        return limit.backEndFailures() == before;
    }
}
