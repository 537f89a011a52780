package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.LeasePolicy;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that a relay can't answer at once. */
@Tag("tr-skip")
class LaterTest {
    private static final int READERS = 100;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final LeasePolicy LONG =
            LeasePolicy.DEFAULT.timing(Duration.ofMillis(250), Duration.ofMillis(200), Duration.ofSeconds(10));

    private final InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
    private final AtomicLong readingsOfTheClock = new AtomicLong();

    private long nanos() {
        if (Thread.currentThread().getName().equals("api-keys-relay")) {
            readingsOfTheClock.incrementAndGet();
        }
        return System.nanoTime();
    }

    /**
     * As after a start, when the relay knows none of them. The thread that follows the store has no time for their answers,
     * each of which takes a reading of the clock.
     */
    @ParameterizedTest
    @EnumSource
    void answersForManyReaders_areWrittenByThreadsOfTheContainer(Container container) throws Exception {
        NodeClock clock = new NodeClock(this::nanos, Clock.systemUTC());
        try (Relay relay = Relay.of(
                memory,
                container,
                LONG,
                store -> store::openChangeFeed,
                settings -> settings.clock(clock).polling(SECOND, SECOND))) {
            HttpRequest question = HttpRequest.newBuilder(
                            relay.uri("/changes?version=1&question=q&incarnation=elsewhere&epoch=1&stamp=0&witness="))
                    .header("Authorization", "Bearer " + relay.token())
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            // A container may start a servlet at its first request.
            assertThat(client.send(question, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            Gate gate = relay.store().holdBefore(StoreCall.READ_FEED);
            gate.awaitReached();

            List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(
                            () -> client.sendAsync(question, BodyHandlers.ofString()))
                    .limit(READERS)
                    .toList();
            relay.store().heal(StoreCall.READ_FEED);
            gate.open();

            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(readingsOfTheClock.get())
                    .isLessThanOrEqualTo(relay.store().calls(StoreCall.READ_FEED) + 1);
        }
    }
}
