package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.Actor;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Owner;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay answers to whom, in real containers. */
@Tag("tr-skip")
class ChangeFeedServletTest {
    private static final String FIRST = "/changes?version=1&question=q1";

    private final InMemoryApiKeyStore memory = new InMemoryApiKeyStore();

    private static HttpResponse<String> get(Relay relay, String path) {
        return Http.get(relay.uri(path), "Authorization", "Bearer " + relay.token());
    }

    private static String waitFrom(FeedPosition position, int millis) {
        return "/wait?version=1&question=q&incarnation=" + position.incarnation() + "&epoch=" + position.epoch()
                + "&stamp=" + position.stamp() + "&witness=&wait_ms=" + millis;
    }

    private static FeedPosition position(Relay relay) {
        try (ChangeFeed feed = relay.client().open(Duration.ofSeconds(5))) {
            return feed.read(null).position();
        }
    }

    @ParameterizedTest
    @EnumSource
    void caller_needsTheScope(Container container) throws Exception {
        try (Relay relay = Relay.of(memory, container)) {
            String other = Relay.issue(relay.keys(), "read:systems");
            FeedPosition position = position(relay);
            for (String path : List.of(FIRST, waitFrom(position, 10), "/elsewhere", "/changes")) {
                assertThat(Http.get(relay.uri(path)).statusCode()).as(path).isEqualTo(401);
                HttpResponse<String> forbidden = Http.get(relay.uri(path), "Authorization", "Bearer " + other);
                assertThat(forbidden.statusCode()).as(path).isEqualTo(403);
                assertThat(forbidden.headers().firstValue("WWW-Authenticate"))
                        .hasValue("Bearer error=\"insufficient_scope\", scope=\"" + Relay.SCOPE + "\"");
                assertThat(Http.get(relay.uri(path), "X-API-Key", relay.token() + "0")
                                .statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            HttpResponse<String> good = get(relay, FIRST);
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(good.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(good.body())
                    .startsWith("{\"version\":1,\"question\":\"q1\",\"age_ms\":")
                    .contains("\"lag_ms\":320,\"continuity\":\"continuous\",\"position\":{")
                    .endsWith("\"changes\":[]}");
        }
    }

    @Test
    void node_whoseKeyIsRevoked_isRefusedWithinTheBound() throws Exception {
        try (Relay relay = Relay.of(memory, Container.JETTY)) {
            RelayClient client = relay.client();
            try (ChangeFeed feed = client.open(Duration.ofSeconds(5))) {
                FeedPosition position = feed.read(null).position();
                String id = relay.token().substring(0, relay.token().indexOf('.'));
                relay.keys().listAll(KeyFilter.everything()).stream()
                        .filter(key -> id.endsWith(key.publicId()))
                        .forEach(key ->
                                relay.keys().revoke(KeyRef.of(key.id()), Actor.of("admin"), "a node was taken over"));
                assertThatThrownBy(() -> feed.read(position)).isInstanceOf(StoreUnavailableException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoQuestion_isRefused(Container container) throws Exception {
        try (Relay relay = Relay.of(memory, container)) {
            String place = "&incarnation=a&epoch=1&stamp=1&witness=w";
            for (String path : List.of(
                    "/changes?version=1",
                    "/changes?version=1&question=",
                    "/changes?version=1&question=a%20b",
                    "/changes?version=1&question=a%0d%0ab",
                    "/changes?version=1&question=" + "q".repeat(256),
                    "/changes?version=1&question=q&incarnation=a",
                    "/changes?version=1&question=q&incarnation=a&epoch=1&stamp=1",
                    "/changes?version=1&question=q" + place.replace("epoch=1", "epoch=x"),
                    "/changes?version=1&question=q" + place.replace("epoch=1", "epoch=99999999999999999999"),
                    "/changes?version=1&question=q" + place.replace("stamp=1", "stamp="),
                    "/changes?version=1&question=q" + place.replace("witness=w", "witness=%00"),
                    "/wait?version=1&question=q" + place + "&wait_ms=-1",
                    "/wait?version=1&question=q" + place + "&wait_ms=x")) {
                HttpResponse<String> answer = get(relay, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(400);
                assertThat(answer.body()).contains("invalid_request");
            }
            for (String path : List.of("/changes", "/changes?version=2&question=q", "/wait?version=&question=q")) {
                assertThat(get(relay, path).body()).as(path).contains("unsupported_version");
            }
            for (String path : List.of("", "/", "/changes/", "/changes/x", "/Changes")) {
                assertThat(get(relay, path + "?version=1&question=q").statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            HttpResponse<String> posted =
                    Http.call("POST", relay.uri(FIRST), "{}", "Authorization", "Bearer " + relay.token());
            assertThat(posted.statusCode()).isEqualTo(405);
            assertThat(RawHttp.request(
                                    relay.port(), "DELETE", "/feed" + FIRST, "Authorization: Bearer " + relay.token())
                            .status())
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitingReaders_takeNoThread_andAreToldAtOnce(Container container) throws Exception {
        // Both containers have 200 threads.
        int readers = 300;
        try (Relay relay = Relay.of(
                memory,
                container,
                settings -> settings.polling(Duration.ofMillis(10), Duration.ofMillis(200))
                        .waiting(readers, Duration.ofSeconds(20)))) {
            FeedPosition position = position(relay);
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                waiting.add(client.sendAsync(request(relay, waitFrom(position, 20_000)), BodyHandlers.ofString()));
            }
            await().until(() -> relay.servlet().waitingCallers() == readers);

            assertThat(get(relay, waitFrom(position, 20_000)).statusCode())
                    .as("one too many")
                    .isEqualTo(503);
            assertThat(get(relay, FIRST).statusCode()).isEqualTo(200);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);

            memory.ownerChanged(Owner.user("alice"));
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                HttpResponse<String> answer = one.get(5, TimeUnit.SECONDS);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("{\"version\":1,\"changed\":true,\"spread_ms\":60}");
            }
            assertThat(relay.servlet().waitingCallers()).isZero();
            assertThat(get(relay, waitFrom(position, 20_000)).body()).contains("true");
        }
    }

    private static HttpRequest request(Relay relay, String path) {
        return HttpRequest.newBuilder(relay.uri(path))
                .header("Authorization", "Bearer " + relay.token())
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void waiting_endsAfterAWhile_alsoForReadersThatAreGone(Container container) throws Exception {
        try (Relay relay = Relay.of(memory, container)) {
            FeedPosition position = position(relay);
            assertThat(get(relay, waitFrom(position, 0)).body()).contains("false");
            CompletableFuture<HttpResponse<String>> gone = HttpClient.newHttpClient()
                    .sendAsync(request(relay, waitFrom(position, 1_000)), BodyHandlers.ofString());
            await().until(() -> relay.servlet().waitingCallers() == 1);
            gone.cancel(true);
            assertThat(get(relay, waitFrom(position, 100)).body())
                    .isEqualTo("{\"version\":1,\"changed\":false,\"spread_ms\":0}");
            await().until(() -> relay.servlet().waitingCallers() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void relayThatEnds_letsItsReadersGo(Container container) throws Exception {
        CompletableFuture<HttpResponse<String>> waiting;
        try (Relay relay = Relay.of(memory, container)) {
            waiting = HttpClient.newHttpClient()
                    .sendAsync(request(relay, waitFrom(position(relay), 20_000)), BodyHandlers.ofString());
            await().until(() -> relay.servlet().waitingCallers() == 1);
        }
        await().atMost(Duration.ofSeconds(5)).until(waiting::isDone);
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch("api-keys-relay"::equals);
    }

    /** The relay hangs, and one of its clocks goes on: that of elapsed time, or, as after a sleep, only the other one. */
    @ParameterizedTest
    @ValueSource(strings = {"elapsed", "wall"})
    void age_isWhatWentByAtTheRelay_byTheClockThatSawMore(String which) throws Exception {
        SettableClock moving = new SettableClock();
        NodeClock clock = which.equals("elapsed")
                ? new NodeClock(moving.ticker(), Clock.fixed(SettableClock.START, ZoneOffset.UTC))
                : new NodeClock(() -> 5, moving);
        try (Relay relay = Relay.of(memory, Container.JETTY, settings -> settings.clock(clock));
                ChangeFeed feed = relay.client().open(Duration.ofSeconds(5))) {
            Gate gate = relay.store().holdBefore(StoreCall.READ_FEED);
            gate.awaitReached();
            FeedPosition position = feed.read(null).position();
            moving.advance(Duration.ofMillis(150));
            assertThat(feed.read(position).age()).isEqualTo(Duration.ofMillis(150));
            moving.advance(Duration.ofMillis(170));
            assertThat(feed.read(position).age()).isEqualTo(Duration.ofMillis(320));
            moving.advance(Duration.ofMillis(1));
            assertThatThrownBy(() -> feed.read(position))
                    .as("older than it may be while nothing fails")
                    .isInstanceOf(StoreUnavailableException.class);
            relay.store().heal(StoreCall.READ_FEED);
            gate.open();
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(feed.read(null).age()).isZero());
        }
    }

    /** The time that the store took is part of the age, as it is where a node asks the store itself. */
    @Test
    void age_countsFromBeforeTheQuestion() throws Exception {
        SettableClock moving = new SettableClock();
        NodeClock clock = new NodeClock(moving.ticker(), moving);
        try (Relay relay = Relay.of(memory, Container.JETTY, settings -> settings.clock(clock));
                ChangeFeed feed = relay.client().open(Duration.ofSeconds(5))) {
            Gate slow = relay.store().holdBefore(StoreCall.READ_FEED);
            slow.awaitReached();
            moving.advance(Duration.ofMillis(100));
            Gate next = relay.store().holdBefore(StoreCall.READ_FEED);
            slow.open();
            next.awaitReached();
            assertThat(feed.read(null).age()).isEqualTo(Duration.ofMillis(100));
            relay.store().heal(StoreCall.READ_FEED);
            next.open();
        }
    }

    @Test
    void clockThatIsSet_makesNoAnswerYounger() {
        SettableClock wall = new SettableClock();
        AtomicLong elapsed = new AtomicLong();
        NodeClock clock = new NodeClock(elapsed::get, wall);
        NodeClock.Mark mark = clock.mark();
        elapsed.addAndGet(5);
        wall.set(SettableClock.START.minusSeconds(3_600));
        assertThat(clock.since(mark)).isEqualTo(Duration.ofNanos(5));
        wall.set(SettableClock.START.plusSeconds(3_600));
        assertThat(clock.since(mark)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void relay_whosePaceHasNoRoomInTheLease_isRefused_andSaysWhatToDo() {
        try (KeyService keys = KeyService.builder(memory).build()) {
            ChangeFeedServlet.Builder slow = ChangeFeedServlet.builder(
                            keys, memory::openChangeFeed, Callers.withScope(Relay.SCOPE))
                    .polling(Duration.ofMillis(251), Duration.ofMillis(200));
            assertThatThrownBy(slow::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("LeasePolicy.timing");
            for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(9), Duration.ofSeconds(61))) {
                assertThatThrownBy(() -> slow.polling(bad, Duration.ofMillis(100)))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> slow.polling(Duration.ofMillis(100), bad))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> slow.waiting(1, bad)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> slow.waiting(-1, Duration.ofSeconds(20)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A reader can't make the relay ask the store more often than it likes. */
    @Test
    void positionsThatNobodyKnows_areLookedUpOnceEach_andInBounds() throws Exception {
        try (Relay relay = Relay.of(memory, Container.JETTY)) {
            HttpClient client = HttpClient.newHttpClient();
            Gate gate = relay.store().holdBefore(StoreCall.READ_FEED);
            gate.awaitReached();
            relay.store().forgetCalls();
            List<CompletableFuture<HttpResponse<String>>> asked = Stream.iterate(1, n -> n + 1)
                    .limit(150)
                    .map(n -> client.sendAsync(unknown(relay, Math.max(1, n - 50)), BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            }
            relay.store().heal(StoreCall.READ_FEED);
            gate.open();
            await().until(() -> get(relay, FIRST).statusCode() == 200);
            assertThat(relay.store().calls(StoreCall.READ_FEED)).isLessThan(100);
        }
    }

    private static HttpRequest unknown(Relay relay, int number) {
        return request(relay, "/changes?version=1&question=q&incarnation=other&epoch=" + number + "&stamp=0&witness=");
    }

    @Test
    void hostDecides_whoMayFollow() throws Exception {
        FaultyStore store = new FaultyStore(memory);
        try (KeyService keys = KeyService.builder(store).build();
                ServletServer server = ServletServer.in(Container.JETTY)
                        .servlet(
                                ChangeFeedServlet.builder(
                                                keys,
                                                store::openChangeFeed,
                                                Callers.by(request -> "node".equals(request.getHeader("X-Mesh"))))
                                        .build(),
                                "/feed/*")
                        .start()) {
            URI uri = server.uri("/feed" + FIRST);
            assertThat(Http.get(uri).statusCode()).isEqualTo(403);
            assertThat(Http.get(uri, "X-Mesh", "node").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void relay_ofARelayThatIsTooSlow_doesNotStart() throws Exception {
        LeasePolicy slow =
                LeasePolicy.DEFAULT.timing(Duration.ofMillis(250), Duration.ofMillis(200), Duration.ofMillis(1_700));
        try (Relay first = Relay.of(
                        memory,
                        Container.JETTY,
                        slow,
                        store -> store::openChangeFeed,
                        settings -> settings.polling(Duration.ofMillis(500), Duration.ofMillis(500)));
                KeyService keys = KeyService.builder(memory).lease(slow).build()) {
            ChangeFeedServlet second = ChangeFeedServlet.builder(keys, first.client(), Callers.withScope(Relay.SCOPE))
                    .build();
            assertThatThrownBy(second::init).hasMessageContaining("LeasePolicy.timing");
        }
    }
}
