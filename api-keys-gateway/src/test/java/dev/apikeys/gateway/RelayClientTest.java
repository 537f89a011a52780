package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testservers.LogCapture;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a relay answers, or what is on the way to it: only a good answer confirms anything. */
@Tag("tr-skip")
class RelayClientTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final FeedPosition LAST = new FeedPosition("inc", 7, -3, "w");
    private static final String TOKEN = "myk_0123456789abcdef01234567.canary";

    private static final String GOOD = """
            {"version":1,"question":"QUESTION","age_ms":37,"lag_ms":320,"continuity":"continuous",
             "position":{"incarnation":"inc","epoch":8,"stamp":9223372036854775807,"witness":"v"},
             "store_time_ms":1795880481000,"changes":[{"key":"ab"}],"later":{"unknown":[1]}}""";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger others = new AtomicInteger();
    private HttpServer server;
    private RelayClient client;

    private interface Handler {
        void handle(HttpExchange exchange, String question) throws IOException, InterruptedException;
    }

    /** As of a file that ends with a line break. */
    @Test
    void keyThatCantBeSent_isNotQuoted() {
        for (String wrong : List.of(TOKEN + "\n", "", "two words")) {
            RelayClient clumsy = RelayClient.builder(URI.create("http://127.0.0.1:" + port() + "/feed/"))
                    .key(() -> wrong)
                    .build();
            Throwable thrown = catchThrowable(() -> {
                try (ChangeFeed feed = clumsy.open(TIMEOUT)) {
                    feed.read(null);
                }
            });
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));

            assertThat(trace.toString())
                    .contains("the key for the relay is empty")
                    .doesNotContain(TOKEN, "two words");
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/elsewhere", exchange -> others.incrementAndGet());
        server.start();
        client = RelayClient.builder(URI.create("http://127.0.0.1:" + port() + "/feed/"))
                .key(() -> TOKEN)
                .build();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void answerWith(Handler handler) {
        server.createContext("/feed/changes", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            String question = query.replaceAll(".*question=([0-9a-f]+).*", "$1");
            try {
                handler.handle(exchange, question);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
    }

    private void answerWith(int status, String body, String... headers) {
        answerWith((exchange, question) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.replace("QUESTION", question).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    private ChangeBatch read(FeedPosition last) {
        try (ChangeFeed feed = client.open(TIMEOUT)) {
            return feed.read(last);
        }
    }

    private void assertUnavailable() {
        long start = System.nanoTime();
        Throwable failure = catchThrowable(() -> read(LAST));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(failure).isInstanceOf(StoreUnavailableException.class);
        assertThat(took).isLessThan(TIMEOUT.plusMillis(500));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain("canary");
    }

    @Test
    void goodAnswer_isReadAsItIs() {
        answerWith(200, GOOD);
        try (ChangeFeed feed = client.open(TIMEOUT)) {
            ChangeBatch batch = feed.read(LAST);

            assertThat(batch.position()).isEqualTo(new FeedPosition("inc", 8, Long.MAX_VALUE, "v"));
            assertThat(batch.continuity()).isEqualTo(ChangeBatch.Continuity.CONTINUOUS);
            assertThat(batch.changes()).containsExactly(new ChangeBatch.Change.OfCredential("ab"));
            assertThat(batch.age()).isEqualTo(Duration.ofMillis(37));
            assertThat(batch.time().orElseThrow().toEpochMilli()).isEqualTo(1_795_880_481_000L);
            assertThat(feed.lag()).isEqualTo(Duration.ofMillis(320));
        }
    }

    static Stream<Arguments> spoiled() {
        return Stream.of(
                arguments("\"version\":1", "\"version\":2"),
                arguments("\"version\":1,", ""),
                arguments("\"version\":1", "\"version\":\"1\""),
                arguments("QUESTION", "0123456789abcdef"),
                arguments("\"question\":\"QUESTION\",", ""),
                arguments("\"age_ms\":37", "\"age_ms\":-1"),
                arguments("\"age_ms\":37,", ""),
                arguments("\"age_ms\":37", "\"age_ms\":321"),
                arguments("\"age_ms\":37", "\"age_ms\":3.5"),
                arguments("\"age_ms\":37", "\"age_ms\":99999999999999999999"),
                arguments("\"lag_ms\":320", "\"lag_ms\":99999999999"),
                arguments("\"lag_ms\":320", "\"age_ms\":37"),
                arguments("\"continuous\"", "\"CONTINUOUS\""),
                arguments("\"continuous\"", "\"partly\""),
                arguments("\"incarnation\":\"inc\"", "\"incarnation\":\"other\""),
                arguments("\"epoch\":8", "\"epoch\":6"),
                arguments("\"epoch\":8", "\"epoch\":7"),
                arguments("\"stamp\":9223372036854775807", "\"stamp\":9223372036854775808"),
                arguments("\"witness\":\"v\"", "\"witness\":null"),
                arguments("{\"key\":\"ab\"}", ""),
                arguments("{\"key\":\"ab\"}", "{}"),
                arguments("{\"key\":\"ab\"}", "{\"key\":null}"),
                arguments("{\"key\":\"ab\"}", "{\"tenant\":\"ab\"}"),
                arguments("{\"key\":\"ab\"}", "{\"key\":\"ab\",\"tenant\":\"ab\"}"),
                arguments("\"changes\":[{\"key\":\"ab\"}],", ""),
                arguments("\"store_time_ms\":1795880481000", "\"store_time_ms\":9223372036854775808"),
                arguments("\"later\":{\"unknown\":[1]}}", "\"later\":{}}{}"),
                arguments("\"later\":{\"unknown\":[1]}}", "\"later\":{}"),
                arguments("\"later\":{\"unknown\":[1]}}", "\"version\":1}"));
    }

    @ParameterizedTest
    @MethodSource("spoiled")
    void answerThatIsWrongInOneThing_confirmsNothing(String part, String instead) {
        assertThat(GOOD).contains(part);
        answerWith(200, GOOD.replace(part, instead));
        assertUnavailable();
    }

    @Test
    void partialAnswerWithoutProgress_confirmsNothing() {
        answerWith(
                200,
                GOOD.replace("continuous", "partial")
                        .replace("\"epoch\":8", "\"epoch\":7")
                        .replace("9223372036854775807", "-3"));
        assertUnavailable();
    }

    @Test
    void firstAnswer_hasToBeABeginning() {
        answerWith(200, GOOD);
        assertThatThrownBy(() -> read(null)).isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 203, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 407, 429, 500, 502, 503, 504})
    void otherStatus_confirmsNothing_andNoRedirectIsFollowed(int status) {
        answerWith(status, status == 204 ? "" : GOOD, "Location", "http://127.0.0.1:" + port() + "/elsewhere");
        assertUnavailable();
        assertThat(others).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "true", "<html>login</html>", "{\"version\":1}", "\u0000"})
    void noAnswerAtAll_confirmsNothing(String body) {
        answerWith(200, body);
        assertUnavailable();
    }

    @Test
    void endlessAnswer_isGivenUp_andNotKept() {
        AtomicInteger megabytes = new AtomicInteger();
        answerWith((exchange, question) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 2_000; i++) {
                    out.write(blanks);
                    megabytes.incrementAndGet();
                }
            }
        });
        assertUnavailable();
        assertThat(megabytes.get()).isLessThan(200);
    }

    @Test
    void deepAnswer_isGivenUp() {
        answerWith(200, "{\"version\":1,\"later\":" + "[".repeat(100_000));
        assertUnavailable();
    }

    @Test
    void cutAnswer_confirmsNothing() {
        answerWith((exchange, question) -> {
            byte[] bytes = GOOD.replace("QUESTION", question).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length + 1L);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        });
        assertUnavailable();
    }

    @Test
    void answerWhoseBodyNeverEnds_isLate() {
        answerWith((exchange, question) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            end.await(10, TimeUnit.SECONDS);
        });
        assertUnavailable();
    }

    @Test
    void noAnswer_isLate_andSaysSo() {
        answerWith((exchange, question) -> end.await(10, TimeUnit.SECONDS));
        assertUnavailable();
        assertThat(catchThrowable(() -> read(LAST)))
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        late -> assertThat(late.isTimeout()).isTrue());
    }

    @Test
    void nobodyThere_isUnavailable() {
        client = RelayClient.builder(URI.create("http://127.0.0.1:1/feed")).build();
        assertUnavailable();
    }

    @Test
    void wrongKey_isSaidOnceInTheLog_withoutTheKey_andOnceThatItIsWellAgain() {
        answerWith(401, "");
        try (LogCapture log = LogCapture.start()) {
            assertUnavailable();
            assertUnavailable();
            server.removeContext("/feed/changes");
            answerWith(200, GOOD);
            read(LAST);
            read(LAST);
            List<String> said = log.lines().stream()
                    .filter(line -> line.logger().equals(RelayTrouble.class.getName()))
                    .map(LogCapture.Line::text)
                    .toList();
            assertThat(said).hasSize(2).noneMatch(line -> line.contains("canary"));
            assertThat(said.get(0)).contains("401", "give this node a key");
            assertThat(said.get(1)).contains("as it should again");
        }
        assertThat(client.toString()).doesNotContain("canary");
    }

    @Test
    void hintsWithoutWaiting_areNotAskedForAgainAndAgain() throws Exception {
        answerWith(200, GOOD.replace("\"epoch\":8", "\"epoch\":7").replace("9223372036854775807", "-3"));
        AtomicInteger hints = new AtomicInteger();
        server.createContext("/feed/wait", exchange -> {
            hints.incrementAndGet();
            byte[] unchanged = FeedHint.NONE.toJson();
            exchange.sendResponseHeaders(200, unchanged.length);
            exchange.getResponseBody().write(unchanged);
            exchange.close();
        });
        try (ChangeFeed feed = client.open(TIMEOUT)) {
            feed.read(LAST);
            for (int i = 0; i < 1_000; i++) {
                assertThat(feed.awaitHint(Duration.ofSeconds(1))).isEqualTo(ChangeFeed.Hint.UNSUPPORTED);
            }
        }
        assertThat(hints).hasValue(1);
    }

    @Test
    void client_thatFollowsRedirects_isRefused() {
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> RelayClient.builder(URI.create("https://relay.internal/feed"))
                        .httpClient(following))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://relay/feed",
                "relay/feed",
                "https://user@relay/feed",
                "https://relay/feed?a=b",
                "https:/feed"
            })
    void otherAddress_isRefused(String address) {
        assertThatThrownBy(() -> RelayClient.builder(URI.create(address))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plainHttp_isForThisMachine_orForANetworkThatIsSaidToBeSafe() {
        for (String good : List.of("http://127.0.0.1/feed", "http://localhost:1/feed", "http://[::1]/", "https://x/")) {
            assertThatCode(() -> RelayClient.builder(URI.create(good)).build()).doesNotThrowAnyException();
        }
        for (String other : List.of("http://relay.internal/feed", "http://127.example.com/", "http://10.0.0.1/")) {
            RelayClient.Builder builder = RelayClient.builder(URI.create(other));
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("https");
            assertThatCode(() -> builder.withoutTls().build()).doesNotThrowAnyException();
        }
    }
}
