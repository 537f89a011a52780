package dev.apikeys.spring;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client with a cookie jar, as a browser has one. */
final class Client {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    /** An answer that never comes is a failure, and must not hold up the run. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final CookieManager cookies = new CookieManager();
    private final Supplier<HttpClient> http;
    private final String base;

    Client(String port) {
        HttpClient same = newHttp();
        this.http = () -> same;
        this.base = "http://localhost:" + port;
    }

    private Client(URI base) {
        this.http = this::newHttp;
        this.base = base.toString();
    }

    /**
     * A client with a connection for each request. Reactor Netty 1.2.18 may read nothing more from a connection whose
     * request came before the answer to the one before was done with.
     */
    static Client withoutKeepAlive(String port) {
        return new Client(URI.create("http://localhost:" + port));
    }

    private HttpClient newHttp() {
        return HttpClient.newBuilder().cookieHandler(cookies).build();
    }

    CookieManager cookies() {
        return cookies;
    }

    /** Drops the cookies of this name. */
    void forget(String cookie) {
        cookies.getCookieStore().getCookies().stream()
                .filter(kept -> kept.getName().equals(cookie))
                .toList()
                .forEach(kept -> cookies.getCookieStore().remove(URI.create(base), kept));
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> delete(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).DELETE());
    }

    /** Logs in by the form, with its CSRF token. */
    HttpResponse<String> login(String user, String password) throws IOException, InterruptedException {
        String form = "username=" + encoded(user) + "&password=" + encoded(password) + "&_csrf=" + encoded(csrf());
        return post("/login", form, "Content-Type", "application/x-www-form-urlencoded");
    }

    /** The CSRF token of this client's session, as the login page shows it. */
    String csrf() throws IOException, InterruptedException {
        Matcher field = CSRF.matcher(get("/login", "Accept", "text/html").body());
        if (!field.find()) {
            throw new AssertionError("the login page has no CSRF token");
        }
        return field.group(1);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(LONGEST_WAIT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.get().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
