package com.example.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Mode;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What arrives of a body while the handler asks the store. */
@Timeout(60)
class RequestBodyTest {
    private final TestKeys keys = new TestKeys();
    private final Vertx vertx = Vertx.vertx();
    private Socket client;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        router.route("/systems").handler(new KeyHandler(keys.keys(), "manage:systems"));
        router.post("/systems")
                .handler(BodyHandler.create(false))
                .handler(context -> context.end(context.body().asString()));
        router.put("/systems").handler(context -> context.request().body().onSuccess(context::end));
        HttpServer server =
                vertx.createHttpServer().requestHandler(router).listen(0).await();
        client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
        client.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().await();
        keys.close();
    }

    @Test
    void bodyInTwoPieces_isWhole_whetherTheKeyIsInMemoryOrNot() throws Exception {
        String token = token(Mode.WRITE);
        Gate store = keys.store().holdBefore(StoreCall.FIND_CREDENTIAL);
        for (boolean inMemory : new boolean[] {false, true}) {
            send(head("POST", token, 20) + "0123456789");
            if (!inMemory) {
                store.awaitReached();
                store.open();
            }
            send("abcdefghij");

            assertThat(answer())
                    .as("in memory: %s", inMemory)
                    .startsWith("HTTP/1.1 200")
                    .endsWith("0123456789abcdefghij");
        }
    }

    @Test
    void handlerThatReadsTheBodyItself_getsAllOfIt() throws Exception {
        String token = token(Mode.WRITE);
        Gate store = keys.store().holdBefore(StoreCall.FIND_CREDENTIAL);
        send(head("PUT", token, 10) + "0123456789");
        store.awaitReached();
        store.open();

        assertThat(answer()).startsWith("HTTP/1.1 200").endsWith("0123456789");
    }

    @Test
    void refusedRequest_leavesTheConnectionToTheNext() throws Exception {
        String reader = token(Mode.READ);
        String token = token(Mode.WRITE);
        send(head("POST", "nonsense", 20) + "0123456789");
        assertThat(answer()).startsWith("HTTP/1.1 401");
        send("abcdefghij" + head("POST", reader, 20) + "0123456789");
        assertThat(answer()).startsWith("HTTP/1.1 403");
        keys.store().cutOff();
        send("abcdefghij" + head("POST", token, 20) + "0123456789");
        assertThat(answer()).startsWith("HTTP/1.1 503");
        keys.store().heal();
        send("abcdefghij" + head("POST", token, 10) + "0123456789");
        assertThat(answer()).startsWith("HTTP/1.1 200").endsWith("0123456789");
    }

    /** Of a key that the service has not seen yet. */
    private String token(Mode mode) {
        return keys.keys().issue(TestKeys.spec().mode(mode)).token().reveal();
    }

    private static String head(String method, String token, int length) {
        return method + " /systems HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + token + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    /** The head of an answer, and its body. */
    private String answer() throws IOException {
        StringBuilder text = new StringBuilder();
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            text.append(line).append('\n');
            String lower = line.toLowerCase(Locale.ROOT);
            length = lower.startsWith("content-length:")
                    ? Integer.parseInt(lower.substring(15).strip())
                    : length;
        }
        return text + new String(client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = client.getInputStream().read();
                c != '\n';
                c = client.getInputStream().read()) {
            assertThat(c).as("after " + line).isNotNegative();
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
