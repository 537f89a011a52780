package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key makes no session: nothing that could outlive it is left with the client, or on the server. */
class StatelessTest {
    private static final int CALLS = 1_000;

    private final AtomicInteger sessions = new AtomicInteger();

    /** Looks whether there is a session, and makes none. */
    private final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getSession(false) != null) {
                sessions.incrementAndGet();
            }
            if (request.getRequestURI().endsWith("/failing")) {
                response.sendError(404);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void cookieJar_afterManyCallsWithKeys_isEmpty(Container container) throws Exception {
        CookieManager jar = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(jar)
                .build();
        try (FilterKeys keys = new FilterKeys()) {
            ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                    .permitAll("*", "/open/**")
                    .require("*", "/manage/**", "manage:systems")
                    .requireKey("*", "/read/**")
                    .build();
            String[] tokens = {keys.readerToken(), keys.writerToken(), FilterKeys.unknownToken()};
            String[] paths = {"/read/x", "/read/failing", "/manage/x", "/open/x", "/nowhere"};
            try (ServletServer server = ServletServer.in(container)
                    .filter(filter, "/*")
                    .servlet(new Application(), "/*")
                    .errorPage(404, "/error")
                    .start()) {
                for (int i = 0; i < CALLS; i++) {
                    HttpRequest request = HttpRequest.newBuilder(server.uri(paths[i % paths.length]))
                            .timeout(Duration.ofSeconds(30))
                            .header("X-API-Key", tokens[i % tokens.length])
                            .build();
                    assertThat(client.send(request, BodyHandlers.ofString())
                                    .headers()
                                    .allValues("Set-Cookie"))
                            .isEmpty();
                }
                assertThat(jar.getCookieStore().getCookies()).isEmpty();
                // The jar works, and no key is accepted because of an earlier one.
                HttpRequest without =
                        HttpRequest.newBuilder(server.uri("/read/x")).build();
                assertThat(client.send(without, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(401);
            }
        }
        assertThat(sessions).hasValue(0);
    }
}
