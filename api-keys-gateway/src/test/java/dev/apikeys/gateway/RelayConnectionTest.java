package dev.apikeys.gateway;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ChangeFeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a relay that die without a word. */
@Tag("tr-skip")
class RelayConnectionTest {
    private static final String ANSWER = """
            {"version":1,"question":"QUESTION","age_ms":0,"lag_ms":320,"continuity":"continuous",
             "position":{"incarnation":"inc","epoch":8,"stamp":1,"witness":""},"changes":[]}""";

    @TempDir
    private Path directory;

    /** A client keeps one connection of HTTP/2 for all its requests, until the operating system gives it up. */
    @Test
    void connectionThatDied_isReplaced_alsoIfBothSpeakHttp2() throws Exception {
        InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
        try (KeyService keys = KeyService.builder(memory).build()) {
            ChangeFeedServlet servlet = ChangeFeedServlet.builder(
                            keys, memory::openChangeFeed, Callers.by(request -> true))
                    .build();
            Tomcat relay = withHttp2(servlet);
            try (Line line = Line.to(relay.getConnector().getLocalPort());
                    KeyService node = KeyService.builder(memory)
                            .lease(LeasePolicy.DEFAULT.strict())
                            .changes(RelayClient.builder(line.uri("/feed")).build())
                            .build()) {
                await().until(() -> node.stats().polls() > 3);

                line.killConnections();

                await().until(() -> node.stats().failedPolls() > 0);
                long polls = node.stats().polls();
                await().until(() -> node.stats().polls() > polls);
            } finally {
                relay.stop();
                relay.destroy();
            }
        }
    }

    private Tomcat withHttp2(ChangeFeedServlet servlet) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
        Context context = tomcat.addContext("", directory.toString());
        Wrapper mapped = Tomcat.addServlet(context, "feed", servlet);
        mapped.setAsyncSupported(true);
        mapped.addMapping("/feed/*");
        tomcat.start();
        return tomcat;
    }

    /** The time-out of the JDK's client ends with the headers. */
    @Test
    void hintThatStopsHalfWay_isGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger hints = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/feed/changes", RelayConnectionTest::tellThePosition);
        server.createContext("/feed/wait", exchange -> {
            hints.incrementAndGet();
            exchange.sendResponseHeaders(200, 40);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitThe(end);
        });
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/feed");
        RelayCall call = new RelayCall(address, HttpClient.newHttpClient(), null);
        Duration timeout = Duration.ofMillis(200);
        try (ChangeFeed feed = new RelayedFeed(call, new RelayTrouble(address), timeout, timeout)) {
            feed.read(null);
            await().atMost(Duration.ofSeconds(20))
                    .pollInSameThread()
                    .until(() -> Optional.of(feed.awaitHint(Duration.ofMillis(25))), hint -> hints.get() == 2);
        } finally {
            end.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void awaitThe(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tellThePosition(HttpExchange exchange) throws IOException {
        String question = exchange.getRequestURI().getQuery().replaceAll(".*question=([0-9a-f]+).*", "$1");
        byte[] answer = ANSWER.replace("QUESTION", question).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
