package com.example.javalin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class SystemsApiTest {
    @Test
    void routes_areBehindTheFilter() throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            String token = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            Javalin api = SystemsApi.create(keys).start(0);
            try {
                assertThat(get(api, "/systems", token).body()).isEqualTo("systems of alice");
                assertThat(get(api, "/systems", "nonsense").statusCode()).isEqualTo(401);
                assertThat(get(api, "/elsewhere", token).statusCode()).isEqualTo(403);
            } finally {
                api.stop();
            }
        }
    }

    private static HttpResponse<String> get(Javalin api, String path, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + api.port() + path))
                                .header("X-API-Key", token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
