package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of others in a real Chromium, which somebody opens who is logged in: they make the browser send what they like, and
 * nothing is written. The host is 127.0.0.1; {@code localhost} is another site, and another port of 127.0.0.1 another
 * origin of the same site, to which the browser gives every cookie.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // for each test; all of them take seconds
@Tag("tr-skip") // The browser has a language of its own.
class CrossSiteRequestTest {
    private static final String ALICE = "alice@org_1";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();

    /** A request that reached the host, and how it was answered. */
    private record Arrival(String method, boolean withCookie, String origin, int status) {}

    private Filter noting() {
        return (request, response, chain) -> {
            chain.doFilter(request, response);
            HttpServletRequest in = (HttpServletRequest) request;
            if (in.getRequestURI().startsWith(ManagementWorld.MOUNT)) {
                arrivals.add(new Arrival(
                        in.getMethod(),
                        in.getCookies() != null,
                        in.getHeader("Origin"),
                        ((HttpServletResponse) response).getStatus()));
            }
        };
    }

    /** A host's own mistake: every page may ask, and the browser may send cookies along. */
    private static Filter openToEverybody() {
        return (request, response, chain) -> {
            HttpServletRequest in = (HttpServletRequest) request;
            HttpServletResponse out = (HttpServletResponse) response;
            String origin = in.getHeader("Origin");
            if (origin != null) {
                out.setHeader("Access-Control-Allow-Origin", origin);
                out.setHeader("Access-Control-Allow-Credentials", "true");
                out.setHeader("Access-Control-Allow-Methods", "POST, DELETE");
                out.setHeader("Access-Control-Allow-Headers", "Content-Type");
            }
            if (in.getMethod().equals("OPTIONS")) {
                out.setStatus(204);
            } else {
                chain.doFilter(request, response);
            }
        };
    }

    /** An empty page, which logs in who opens it with {@code ?cookie=}. */
    private static HttpServlet page() {
        return new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                String cookie = request.getParameter("cookie");
                if (cookie != null) {
                    response.setHeader("Set-Cookie", "session=" + ALICE + "; Path=/; HttpOnly" + cookie);
                }
                response.setContentType("text/html");
                response.getWriter().print("<!doctype html><title>page</title><body>");
            }
        };
    }

    private ManagementWorld host(Filter... before) throws Exception {
        ManagementWorld.Setup setup = ManagementWorld.in(Container.JETTY).servlet(page(), "/page");
        setup.filter(world -> noting());
        for (Filter filter : before) {
            setup.filter(world -> filter);
        }
        return setup.start();
    }

    private static ServletServer attacker() throws Exception {
        return ServletServer.in(Container.JETTY).servlet(page(), "/page").start();
    }

    private static List<String> originsOf(ServletServer attacker) {
        String sameSite = attacker.uri("").toString();
        return List.of(sameSite, sameSite.replace("127.0.0.1", "localhost"));
    }

    private static BrowserContext loggedIn(ManagementWorld host, String cookie) {
        BrowserContext visitor = CHROMIUM.browser().newContext();
        visitor.newPage()
                .navigate(host.server
                        .uri("/page?cookie=" + cookie.replace(" ", "%20").replace(";", "%3B"))
                        .toString());
        return visitor;
    }

    private static boolean sameSite(String origin) {
        return origin.contains("127.0.0.1");
    }

    /**
     * Lets the visitor open a page of this origin, and waits until what it does has arrived, whole, at the host. Pages stay
     * open until the browser ends: to close one that a form is just leaving can take for ever.
     */
    private Arrival visit(
            BrowserContext visitor,
            String origin,
            CrossSiteAttack attack,
            ManagementWorld host,
            UUID key,
            String expected) {
        arrivals.clear();
        Page page = visitor.newPage();
        page.navigate(origin + "/page");
        attack.from(page, host.server.uri(ManagementWorld.MOUNT).toString(), key);
        return await(attack + " from " + origin)
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> arrivals.stream()
                                .filter(arrival -> arrival.method().equals(expected))
                                .findFirst()
                                .orElse(null),
                        arrival -> arrival != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; SameSite=Lax", "; SameSite=Strict"})
    void pagesOfOthers_writeNothing_whateverTheySend(String cookie) throws Exception {
        try (ManagementWorld host = host();
                ServletServer attacker = attacker()) {
            BrowserContext visitor = loggedIn(host, cookie);
            UUID key = host.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(host);
            for (String origin : originsOf(attacker)) {
                for (CrossSiteAttack attack : CrossSiteAttack.SIMPLE) {
                    Arrival arrival = visit(visitor, origin, attack, host, key, attack.method());

                    String what = attack + " from " + origin + ": " + arrival;
                    if (sameSite(origin) && !attack.equals(CrossSiteAttack.WITHOUT_ORIGIN)) {
                        assertThat(arrival.withCookie()).as(what).isTrue();
                    }
                    if (arrival.method().equals("POST")) {
                        assertThat(arrival.status()).as(what).isGreaterThanOrEqualTo(400);
                    }
                    assertThat(Snapshot.of(host)).as(what).isEqualTo(before);
                }
                for (CrossSiteAttack attack : CrossSiteAttack.ASKING_FIRST) {
                    visit(visitor, origin, attack, host, key, "OPTIONS");
                    assertThat(arrivals).as(attack.name()).map(Arrival::method).containsOnly("OPTIONS");
                    assertThat(Snapshot.of(host)).as(attack.name()).isEqualTo(before);
                }
            }
            assertThat(host.stepUps).hasValue(0);
        }
    }

    /** Browsers send a fresh cookie that names no SameSite along with a form that opens a page, from another site too. */
    @Test
    void formsOfAnotherSite_withTheCookieOfAJustOpenedSession_writeNothing() throws Exception {
        try (ManagementWorld host = host();
                ServletServer attacker = attacker()) {
            BrowserContext visitor = loggedIn(host, "");
            UUID key = host.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(host);

            for (CrossSiteAttack attack : List.of(CrossSiteAttack.SIMPLE.get(1), CrossSiteAttack.WITHOUT_ORIGIN)) {
                Arrival arrival = visit(visitor, originsOf(attacker).get(1), attack, host, key, "POST");

                assertThat(arrival.withCookie()).as(attack.name()).isTrue();
                assertThat(arrival.status()).isEqualTo(403);
            }
            assertThat(Snapshot.of(host)).isEqualTo(before);
        }
    }

    @Test
    void pagesOfOthers_thatACarelessHostLetsAsk_writeNothing() throws Exception {
        try (ManagementWorld host = host(openToEverybody());
                ServletServer attacker = attacker();
                BrowserContext visitor = loggedIn(host, "; SameSite=Lax")) {
            UUID key = host.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(host);
            for (String origin : originsOf(attacker)) {
                for (CrossSiteAttack attack : CrossSiteAttack.ASKING_FIRST) {
                    Arrival arrival = visit(visitor, origin, attack, host, key, attack.method());

                    assertThat(arrival.origin()).isEqualTo(origin);
                    assertThat(arrival.withCookie()).isEqualTo(sameSite(origin));
                    assertThat(arrival.status()).isEqualTo(sameSite(origin) ? 403 : 401);
                    assertThat(Snapshot.of(host)).as(attack.name()).isEqualTo(before);
                }
            }
            assertThat(host.stepUps).hasValue(0);
        }
    }

    /** The same requests from the host's own page: without this the other tests would prove nothing. */
    @Test
    void hostsOwnPage_mintsAndRevokes() throws Exception {
        try (ManagementWorld host = host();
                BrowserContext visitor = loggedIn(host, "; SameSite=Strict")) {
            UUID key = host.issue("alice", "org_1", "alice's").key().id();
            String own = host.server.uri("").toString();

            Arrival minted = visit(visitor, own, CrossSiteAttack.ASKING_FIRST.get(0), host, key, "POST");
            assertThat(minted.status()).isEqualTo(201);
            assertThat(host.storedKeys()).hasSize(2);

            Arrival revoked = visit(visitor, own, CrossSiteAttack.ASKING_FIRST.get(1), host, key, "DELETE");
            assertThat(revoked.status()).isEqualTo(200);
            assertThat(host.storedKeys())
                    .filteredOn(k -> k.revocation() != null)
                    .hasSize(1);
        }
    }
}
