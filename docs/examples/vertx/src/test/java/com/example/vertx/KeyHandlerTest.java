package com.example.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class KeyHandlerTest {
    @Test
    void routes_needAKeyWithTheScope() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            String token = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            // tag::routes[]
            Router router = Router.router(vertx);
            router.get("/systems")
                    .handler(new KeyHandler(keys, "read:systems"))
                    .handler(context -> context.end(
                            "systems of " + KeyHandler.caller(context).getName()));
            router.delete("/systems")
                    .handler(new KeyHandler(keys, "manage:systems"))
                    .handler(context -> context.end("gone"));
            // end::routes[]
            HttpServer server =
                    vertx.createHttpServer().requestHandler(router).listen(0).await();
            String url = "http://localhost:" + server.actualPort() + "/systems";

            for (int known = 0; known < 2; known++) {
                assertThat(send("GET", url, token).body()).isEqualTo("systems of alice");
                assertThat(send("DELETE", url, token).statusCode()).isEqualTo(403);
                assertThat(send("GET", url, "nonsense").statusCode()).isEqualTo(401);
            }
        } finally {
            vertx.close().await();
        }
    }

    private static HttpResponse<String> send(String method, String url, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("X-API-Key", token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
