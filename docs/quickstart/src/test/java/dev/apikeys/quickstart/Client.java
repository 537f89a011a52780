package dev.apikeys.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** Somebody who calls the example over HTTP, always with the same headers. */
record Client(HttpClient http, int port, List<String> headers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer; the body is a missing node when there was none. */
    record Answer(int status, JsonNode body, HttpHeaders headers) {}

    static Client of(Quickstart quickstart) {
        // An HTTP client of its own: on a port that is used again, a shared one would take up connections to a server
        // that is gone.
        return new Client(HttpClient.newHttpClient(), quickstart.port(), List.of());
    }

    Client with(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new Client(http, port, more);
    }

    Client bearer(String credential) {
        return with("Authorization", "Bearer " + credential);
    }

    /** This person, logged in. */
    Client session(String name) {
        return bearer(login(name, name + "-password").body().path("session").asText());
    }

    Answer login(String name, String password) {
        return post("/login", "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    /** Issues a key to whoever is logged in here. */
    Answer mint(String name, String mode) {
        return post(
                "/me/api-keys", "{\"name\":\"CRM\",\"mode\":\"" + mode + "\",\"password\":\"" + name + "-password\"}");
    }

    /** The token of a new key. */
    String token(String name, String mode) {
        return session(name).mint(name, mode).body().path("data").path("token").asText();
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return headers.isEmpty() ? request : request.headers(headers.toArray(String[]::new));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()), response.headers());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
