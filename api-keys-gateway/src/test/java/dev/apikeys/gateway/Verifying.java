package dev.apikeys.gateway;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Servlet;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The servlet in a real container at {@code /keys/*}, and a caller who may ask. */
final class Verifying implements AutoCloseable {
    static final String FORM = "application/x-www-form-urlencoded";
    static final String SCOPE = "introspect:keys";

    private final ServletServer server;
    private final String caller;

    private Verifying(ServletServer server, String caller) {
        this.server = server;
        this.caller = caller;
    }

    /** Asks with this token of a caller, or with none when it is empty. */
    static Verifying at(Container container, Servlet servlet, String caller) throws Exception {
        return new Verifying(
                ServletServer.in(container).servlet(servlet, "/keys/*").start(), caller);
    }

    /** A token that may ask. */
    static String caller(TestKeys service) {
        return service.keys()
                .issue(KeySpec.forUser("service", "org_1").named("asks").scopes(SCOPE))
                .token()
                .reveal();
    }

    int port() {
        return server.port();
    }

    HttpResponse<String> introspect(IssuedKey key, String... headers) {
        return introspect(key.token().reveal(), headers);
    }

    HttpResponse<String> introspect(String token, String... headers) {
        return post("/keys/introspect", "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8), FORM, headers);
    }

    HttpResponse<String> batch(String... tokens) {
        String list = Arrays.stream(tokens).map(token -> '"' + token + '"').collect(Collectors.joining(","));
        return post("/keys/introspect/batch", "{\"tokens\":[" + list + "]}", "application/json");
    }

    HttpResponse<String> post(String path, String body, String type, String... headers) {
        Stream<String> all = Stream.concat(
                Stream.concat(
                        Stream.of("Content-Type", type),
                        caller.isEmpty() ? Stream.empty() : Stream.of("Authorization", "Bearer " + caller)),
                Arrays.stream(headers));
        return Http.call("POST", server.uri(path), body, all.toArray(String[]::new));
    }

    /** The same as bytes, which can be compared. */
    RawHttp.Answer introspectRaw(String token) {
        String body = "token=" + token;
        return RawHttp.send(
                port(),
                String.join(
                        "\r\n",
                        "POST /keys/introspect HTTP/1.1",
                        "Host: 127.0.0.1",
                        "Connection: close",
                        "Authorization: Bearer " + caller,
                        "Content-Type: " + FORM,
                        "Content-Length: " + body.length(),
                        "",
                        body));
    }

    RawHttp.Answer auth(String... lines) {
        return RawHttp.get(port(), "/keys/auth", lines);
    }

    @Override
    public void close() {
        server.close();
    }
}
