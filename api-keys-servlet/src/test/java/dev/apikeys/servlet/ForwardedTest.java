package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Forwarded} of RFC 7239, from proxies alone. */
class ForwardedTest {
    private static final String PEER = "127.0.0.1";
    private static final ClientAddress TRUSTS_PEER =
            ClientAddress.behindProxies("127.0.0.0/8", "10.0.0.0/8", "fd00::/8");
    private static final ClientAddress TRUSTS_OTHERS = ClientAddress.behindProxies("10.0.0.0/8", "fd00::/8");

    /**
     * What one proxy may write, and what it means, written down by hand.
     *
     * @param address null when it is no address
     */
    private record Element(String text, String address, boolean proxy) {}

    private static final List<Element> ELEMENTS = List.of(
            new Element("for=10.1.2.3", "10.1.2.3", true),
            new Element("For=\"10.1.2.3:4711\"", "10.1.2.3", true),
            new Element("proto=https;FOR=10.1.2.4;by=203.0.113.43", "10.1.2.4", true),
            new Element("for=\"[fd00::1]\"", "fd00::1", true),
            new Element("for=\"[fd00::2]:443\";host=\"a,b;for=1.1.1.1\"", "fd00::2", true),
            new Element("for=203.0.113.7", "203.0.113.7", false),
            new Element("by=10.0.0.1; for=\"198.51.100.1:1\"", "198.51.100.1", false),
            new Element("for=\"[2001:db8::9]:65535\";proto=http", "2001:db8::9", false),
            new Element("host=example.com;for=192.0.2.60", "192.0.2.60", false),
            new Element("for=203.0.113.9;host=\"x\\\", for=192.0.2.66;a=\\\"\"", "203.0.113.9", false),
            new Element("host=\"a\\\";for=192.0.2.66;b=\\\"\"; for=203.0.113.10", "203.0.113.10", false),
            new Element("for=203.0.113.11;host=\"a\\\\\\\"b\\\\\"", "203.0.113.11", false),
            new Element("for=10.1.2.5;host=\"a\\\"b\"", "10.1.2.5", true),
            new Element("for=unknown", null, false),
            new Element("for=_hidden", null, false),
            new Element("for=\"_hidden:_port\"", null, false),
            new Element("by=203.0.113.7", null, false),
            new Element("for=203.0.113.7;for=203.0.113.8", null, false),
            new Element("for=", null, false),
            new Element("for=\"\"", null, false),
            new Element("for=\"203.0.113\\.7\"", null, false),
            new Element("for=\"[2001:db8::9\"", null, false),
            new Element("203.0.113.7", null, false));

    /** Says in the body what it takes for the client's address. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ClientAddress address = switch (request.getPathInfo()) {
                case "/direct" -> ClientAddress.direct();
                case "/trusts-peer" -> TRUSTS_PEER;
                case "/forwarded-only" -> TRUSTS_PEER.forwardedOnly();
                default -> TRUSTS_OTHERS;
            };
            response.getWriter().print(address.of(request));
        }
    }

    private static String oracle(List<Element> elements) {
        String believed = PEER;
        List<Element> nearestFirst = new ArrayList<>(elements);
        Collections.reverse(nearestFirst);
        for (Element element : nearestFirst) {
            if (element.address() == null) {
                break;
            }
            believed = element.address();
            if (!element.proxy()) {
                break;
            }
        }
        return believed;
    }

    private static String[] lines(List<Element> elements, Random random) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            line.append(" ".repeat(random.nextInt(3))).append(elements.get(i).text());
            if (i + 1 < elements.size() && random.nextInt(4) == 0) {
                lines.add("Forwarded: " + line);
                line.setLength(0);
            } else if (i + 1 < elements.size()) {
                line.append(random.nextInt(6) == 0 ? ", ," : ",");
            }
        }
        lines.add("forwarded: " + line);
        return lines.toArray(new String[0]);
    }

    private static ServletServer start(Container container) throws Exception {
        return ServletServer.in(container).servlet(new Echo(), "/*").start();
    }

    private static String address(ServletServer server, String path, String... lines) {
        return RawHttp.get(server.port(), path, lines).body();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void address_fromForwarded_isWhatAnOracleSays(Container container) throws Exception {
        Random random = new Random(7239);
        int moved = 0;
        try (ServletServer server = start(container)) {
            for (int i = 0; i < 200; i++) {
                List<Element> elements = new ArrayList<>();
                int length = 1 + random.nextInt(5);
                for (int n = 0; n < length; n++) {
                    elements.add(ELEMENTS.get(random.nextInt(random.nextInt(3) > 0 ? 5 : ELEMENTS.size())));
                }
                String[] lines = lines(elements, random);
                String expected = oracle(elements);
                moved += expected.equals(PEER) ? 0 : 1;
                assertThat(address(server, "/trusts-peer", lines))
                        .as(String.join(" | ", lines))
                        .isEqualTo(expected);
                assertThat(address(server, "/forwarded-only", lines)).isEqualTo(expected);
                assertThat(address(server, "/trusts-others", lines)).isEqualTo(PEER);
                assertThat(address(server, "/direct", lines)).isEqualTo(PEER);
            }
        }
        assertThat(moved).isGreaterThan(50);
    }

    /** What a client made up stands before what the proxy wrote, and changes nothing of it. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void address_behindAForgedBeginning_isTheOneThatTheProxyWrote(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            for (String forged : List.of("for=\"", "for=\"x, for=", "for=10.0.0.1;host=\"", "\"\\", "for=10.0.0.1")) {
                for (Element element : ELEMENTS) {
                    if (element.address() != null && !element.proxy()) {
                        assertThat(address(server, "/trusts-peer", "Forwarded: " + forged + ", " + element.text()))
                                .as(forged + " before " + element.text())
                                .isEqualTo(element.address());
                    }
                }
            }
        }
    }

    /** Which of the two a proxy writes, nobody can see; the one that most write counts, unless the host says otherwise. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void address_withBothHeaders_isTheOneThatTheHostNames(Container container) throws Exception {
        String[] both = {"Forwarded: for=203.0.113.7", "X-Forwarded-For: 198.51.100.1"};
        try (ServletServer server = start(container)) {
            assertThat(address(server, "/trusts-peer", both)).isEqualTo("198.51.100.1");
            assertThat(address(server, "/forwarded-only", both)).isEqualTo("203.0.113.7");
            assertThat(address(server, "/forwarded-only", "X-Forwarded-For: 198.51.100.1"))
                    .isEqualTo(PEER);
            assertThat(address(server, "/trusts-others", both)).isEqualTo(PEER);
        }
    }
}
