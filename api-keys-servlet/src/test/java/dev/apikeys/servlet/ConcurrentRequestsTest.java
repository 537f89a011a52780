package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients at once: each is seen as itself, on whatever thread its request is served. */
@Tag("tr-skip") // A race knows no locale.
class ConcurrentRequestsTest {
    private static final int THREADS = 64;

    /** Says who came, as seen before, on and after another thread. */
    private static final class WhoCame extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getServletPath().equals("/async") && request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync(request, response);
                async.start(() -> {
                    request.setAttribute("elsewhere", who(request));
                    async.dispatch();
                });
                return;
            }
            Object elsewhere = request.getAttribute("elsewhere");
            response.getWriter().print(who(request) + (elsewhere == null ? "" : " after " + elsewhere));
        }

        private static String who(HttpServletRequest request) {
            return request.getUserPrincipal() == null
                    ? "nobody"
                    : request.getUserPrincipal().getName();
        }
    }

    /**
     * What a client may send, and what must come back.
     *
     * @param token null for none
     */
    private record Client(String token, String path, int status, String body) {}

    @ParameterizedTest
    @EnumSource(Container.class)
    void principals_of64ThreadsMixed_areNeverMixedUp(Container container) throws Exception {
        run(container, 20_000);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(Container.class)
    void principals_of100000MixedRequests_areNeverMixedUp(Container container) throws Exception {
        run(container, 100_000);
    }

    private static void run(Container container, int requests) throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            List<Client> clients = clients(keys);
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .permitAll("*", "/open")
                    .requireKey("*", "/sync")
                    .requireKey("*", "/async")
                    .build();
            try (ServletServer server = ServletServer.in(container)
                    .filter(filter, "/*")
                    .servlet(new WhoCame(), "/open", "/sync", "/async")
                    .start()) {
                send(server, clients, requests);
            }
        }
    }

    private static List<Client> clients(KeyService keys) {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String user = "user" + i;
            String token = FilterKeys.issue(keys, KeySpec.forUser(user, "org_1").mode(Mode.READ))
                    .token()
                    .reveal();
            clients.add(new Client(token, "/sync", 200, user));
            clients.add(new Client(token, "/async", 200, user + " after " + user));
            clients.add(new Client(token, "/open", 200, "nobody"));
            clients.add(new Client(FilterKeys.withOtherEnd(token), "/async", 401, null));
        }
        for (String path : List.of("/sync", "/async")) {
            clients.add(new Client(null, path, 401, null));
            clients.add(new Client(FilterKeys.unknownToken(), path, 401, null));
        }
        clients.add(new Client(null, "/open", 200, "nobody"));
        return clients;
    }

    private static void send(ServletServer server, List<Client> clients, int requests) throws Exception {
        AtomicInteger left = new AtomicInteger(requests);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                running.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        check(server, clients.get(random.nextInt(clients.size())));
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void check(ServletServer server, Client client) {
        String[] headers = client.token() == null ? new String[0] : new String[] {"X-API-Key", client.token()};
        HttpResponse<String> answer = Http.get(server.uri(client.path()), headers);
        assertThat(answer.statusCode()).isEqualTo(client.status());
        if (client.body() != null) {
            assertThat(answer.body()).isEqualTo(client.body());
        }
    }
}
