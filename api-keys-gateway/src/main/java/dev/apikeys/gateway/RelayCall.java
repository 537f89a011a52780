package dev.apikeys.gateway;

import dev.apikeys.spi.FeedPosition;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends questions to a relay.
 *
 * <p>Immutable and thread-safe.
 *
 * @param address where the relay's servlet is mapped
 * @param key gives the token to authenticate with, if it is a token
 */
record RelayCall(URI address, HttpClient http, @Nullable Supplier<String> key) {
    /** The longest answer of a relay: {@link FeedHistory#MAX_WEIGHT} characters, each as an escape. */
    static final int MAX_LENGTH = 8_000_000;

    private static final int MAX_HINT_LENGTH = 1_000;
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    /** Asks for what follows a position. The caller gives up by cancelling, so that no timer is needed for each. */
    CompletableFuture<HttpResponse<byte[]>> changes(String question, @Nullable FeedPosition last) {
        String query = FeedJson.CHANGES_PATH + query(question, last);
        return send(query, BoundedBody.atMost(MAX_LENGTH));
    }

    /** Asks for a hint. The caller gives up by cancelling. */
    CompletableFuture<HttpResponse<byte[]>> hint(String question, FeedPosition last, Duration wait) {
        String query = FeedJson.WAIT_PATH + query(question, last) + "&" + FeedJson.WAIT + "=" + wait.toMillis();
        return send(query, BoundedBody.atMost(MAX_HINT_LENGTH));
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String query, HttpResponse.BodyHandler<byte[]> body) {
        // To give up ends a connection of HTTP/1.1. One of HTTP/2 would stay, and carry all later questions: if it is
        // dead, until the operating system notices that.
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + query))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/json");
        if (key != null) {
            String token = key.get();
            if (!TOKEN.matcher(token).matches()) {
                // The client's own message would quote it.
                return CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "the key for the relay is empty, or has a blank, a line break or another character that no token has"));
            }
            request.header("Authorization", "Bearer " + token);
        }
        return http.sendAsync(request.build(), body);
    }

    private static String query(String question, @Nullable FeedPosition last) {
        String query = "?" + FeedJson.VERSION_NAME + "=" + FeedJson.VERSION + "&" + FeedJson.QUESTION + "=" + question;
        return last == null
                ? query
                : query + "&" + FeedJson.INCARNATION + "=" + encoded(last.incarnation()) + "&" + FeedJson.EPOCH + "="
                        + last.epoch() + "&" + FeedJson.STAMP + "=" + last.stamp() + "&" + FeedJson.WITNESS + "="
                        + encoded(last.witness());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Doesn't show the key. */
    @Override
    public String toString() {
        return "RelayCall[" + address + "]";
    }
}
