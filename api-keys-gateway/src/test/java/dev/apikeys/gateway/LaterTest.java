package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
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
import org.junit.jupiter.api.Test;
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

    /** A filter before the relay that is not set to asyncSupported. */
    @Test
    void readerThatCantWait_takesNoPlaceOfOthers() throws Exception {
        try (KeyService keys = KeyService.builder(memory).build()) {
            ChangeFeedServlet relay = ChangeFeedServlet.builder(
                            keys, memory::openChangeFeed, Callers.by(request -> true))
                    .build();
            try (ServletServer server = ServletServer.in(Container.JETTY)
                    .filter((request, response, chain) -> chain.doFilter(withoutAsync(request), response), "/*")
                    .servlet(relay, "/feed/*")
                    .start()) {
                FeedPosition position;
                try (ChangeFeed feed =
                        RelayClient.builder(server.uri("/feed")).build().open(Duration.ofSeconds(5))) {
                    position = feed.read(null).position();
                }
                assertThat(Http.get(server.uri("/feed/wait?version=1&question=q&incarnation="
                                        + position.incarnation() + "&epoch=" + position.epoch() + "&stamp="
                                        + position.stamp()
                                        + "&witness=&wait_ms=20000"))
                                .statusCode())
                        .isEqualTo(500);
                assertThat(relay.waitingCallers()).isZero();
            }
        }
    }

    private static HttpServletRequest withoutAsync(ServletRequest request) {
        return new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public boolean isAsyncSupported() {
                return false;
            }

            @Override
            public AsyncContext startAsync() {
                throw new IllegalStateException("a filter doesn't support it");
            }
        };
    }
}
