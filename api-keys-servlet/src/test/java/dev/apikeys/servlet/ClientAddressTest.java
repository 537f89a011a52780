package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed about where a request came from. */
class ClientAddressTest {
    private static final ClientAddress TRUSTS_PEER =
            ClientAddress.behindProxies("127.0.0.0/8", "10.0.0.0/8", "fd00::/8");
    private static final ClientAddress TRUSTS_OTHERS = ClientAddress.behindProxies("10.0.0.0/8", "fd00::/8");

    /**
     * What may stand between two commas, and what it means, written down by hand.
     *
     * @param address null when it is no address
     */
    private record Element(String text, String address, boolean proxy) {
        static Element proxy(String text, String address) {
            return new Element(text, address, true);
        }

        static Element foreign(String text, String address) {
            return new Element(text, address, false);
        }

        static Element garbage(String text) {
            return new Element(text, null, false);
        }
    }

    private static final List<Element> PROXIES = List.of(
            Element.proxy("10.1.2.3", "10.1.2.3"),
            Element.proxy("127.0.0.1", "127.0.0.1"),
            Element.proxy("10.9.8.7:4711", "10.9.8.7"),
            Element.proxy("fd00::1", "fd00::1"),
            Element.proxy("[fd00::2]", "fd00::2"),
            Element.proxy("[fd00::3]:443", "fd00::3"),
            Element.proxy("::ffff:10.4.4.4", "::ffff:10.4.4.4"));

    private static final List<Element> OTHERS = List.of(
            Element.foreign("203.0.113.7", "203.0.113.7"),
            Element.foreign("198.51.100.1:1", "198.51.100.1"),
            Element.foreign("2001:db8::7", "2001:db8::7"),
            Element.foreign("[2001:DB8::8]", "2001:DB8::8"),
            Element.foreign("[2001:db8::9]:65535", "2001:db8::9"),
            Element.foreign("0.0.0.0", "0.0.0.0"),
            Element.foreign("11.0.0.1", "11.0.0.1"),
            Element.garbage("unknown"),
            Element.garbage("_hidden"),
            Element.garbage("localhost"),
            Element.garbage("10.0.0.0/8"),
            Element.garbage("256.1.1.1"),
            Element.garbage("1.2.3"),
            Element.garbage("010.1.2.3"),
            Element.garbage("10.1.2.3:"),
            Element.garbage("10.1.2.3:99x"),
            Element.garbage("10.1.2.3:123456"),
            Element.garbage("[10.1.2.3]"),
            Element.garbage("[10.1.2.3]:80"),
            Element.garbage("[fd00::1"),
            Element.garbage("fd00::1]"),
            Element.garbage("[fd00::1]x"),
            Element.garbage("[fd00::1]:"),
            Element.garbage("[]"),
            Element.garbage(":"),
            Element.garbage(":80"),
            Element.garbage("fe80::1%eth0"),
            Element.garbage("\"10.1.2.3\""),
            Element.garbage("for=10.1.2.3"),
            Element.garbage("10.1.2.3 10.1.2.4"),
            Element.garbage("<script>"),
            Element.garbage("\u00b2\u00b2.1.1.1"));

    /** Says in the body what it takes for the client's address. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ClientAddress address = switch (request.getPathInfo()) {
                case "/direct" -> ClientAddress.direct();
                case "/trusts-peer" -> TRUSTS_PEER;
                default -> TRUSTS_OTHERS;
            };
            response.getWriter().print(address.of(request));
        }
    }

    /** The last address that is no proxy; before garbage, the proxy to its right; before everything, the peer. */
    private static String oracle(List<Element> elements, String peer) {
        String believed = peer;
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

    private static List<Element> elements(Random random) {
        List<Element> elements = new ArrayList<>();
        int length = random.nextInt(7);
        for (int i = 0; i < length; i++) {
            List<Element> pool = random.nextInt(3) > 0 ? PROXIES : OTHERS;
            elements.add(pool.get(random.nextInt(pool.size())));
        }
        return elements;
    }

    /** The elements over one or more lines, with blanks and empty elements here and there. */
    private static String[] lines(List<Element> elements, Random random) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            line.append(" ".repeat(random.nextInt(3))).append(elements.get(i).text());
            line.append(random.nextInt(5) == 0 ? "\t" : "");
            if (i + 1 < elements.size() && random.nextInt(4) == 0) {
                lines.add("X-Forwarded-For: " + line);
                line.setLength(0);
            } else if (i + 1 < elements.size()) {
                line.append(random.nextInt(6) == 0 ? ", ," : ",");
            }
        }
        lines.add("x-forwarded-for: " + line);
        return lines.toArray(new String[0]);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void address_behindProxies_isWhatAnOracleSays(Container container) throws Exception {
        Random random = new Random(29);
        int moved = 0;
        try (ServletServer server =
                ServletServer.in(container).servlet(new Echo(), "/*").start()) {
            for (int i = 0; i < 200; i++) {
                List<Element> elements = elements(random);
                String[] lines = lines(elements, random);
                String expected = oracle(elements, "127.0.0.1");
                moved += expected.equals("127.0.0.1") ? 0 : 1;
                assertThat(RawHttp.get(server.port(), "/trusts-peer", lines).body())
                        .as(String.join(" | ", lines))
                        .isEqualTo(expected);
                assertThat(RawHttp.get(server.port(), "/trusts-others", lines).body())
                        .isEqualTo("127.0.0.1");
                assertThat(RawHttp.get(server.port(), "/direct", lines).body()).isEqualTo("127.0.0.1");
            }
        }
        assertThat(moved).isGreaterThan(50);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void address_forEachForm_isWhatItMeans(Container container) throws Exception {
        List<Element> all = new ArrayList<>(PROXIES);
        all.addAll(OTHERS);
        try (ServletServer server =
                ServletServer.in(container).servlet(new Echo(), "/*").start()) {
            for (Element element : all) {
                String expected = element.address() == null ? "127.0.0.1" : element.address();
                String forged = "X-Forwarded-For: 192.0.2.66, " + element.text();
                assertThat(RawHttp.get(server.port(), "/trusts-peer", forged).body())
                        .as(forged)
                        .isEqualTo(element.proxy() ? "192.0.2.66" : expected);
                assertThat(RawHttp.get(server.port(), "/trusts-peer", "X-Forwarded-For: " + element.text())
                                .body())
                        .isEqualTo(expected);
            }
        }
    }

    /** Containers disagree about how they write an IPv6 peer, and some know none. */
    @ParameterizedTest
    @ValueSource(strings = {"fd00::5", "[fd00::5]", "fd00::5%eth0", "[fd00::5%eth0]"})
    void peer_howeverItIsWritten_isRecognised(String remote) throws Exception {
        assertThat(addressFrom(remote, "/direct")).isEqualTo("fd00::5");
        assertThat(addressFrom(remote, "/trusts-peer")).isEqualTo("203.0.113.7");
    }

    @Test
    void peer_withoutAddress_isUnknownAndNoProxy() throws Exception {
        assertThat(addressFrom(null, "/direct")).isEqualTo(ClientAddress.UNKNOWN);
        assertThat(addressFrom("", "/trusts-peer")).isEqualTo(ClientAddress.UNKNOWN);
    }

    /** The address of a connection is never taken for one that was reported. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "'X-Forwarded-For: 203.0.113.7',           203.0.113.7, none",
                "'X-Forwarded-For: 203.0.113.7, 10.1.2.3', 203.0.113.7, none",
                "'X-Forwarded-For: 10.1.2.3',              10.1.2.3,    none",
                "'X-Forwarded-For: unknown, 10.1.2.3',     none,        none",
                "'X-Forwarded-For: 203.0.113.7, unknown',  none,        none",
                "'X-Forwarded-For:',                       none,        none",
                "'Forwarded: for=_hidden',                 none,        none",
                "'X-Other: 203.0.113.7',                   none,        none"
            })
    void address_isReportedOnlyWhereAProxyTellsOne(String line, String byPeer, String byOthers) throws Exception {
        HttpServlet reported = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getWriter()
                        .print(TRUSTS_PEER.reported(request) + " " + TRUSTS_OTHERS.reported(request) + " "
                                + ClientAddress.direct().reported(request));
            }
        };
        try (ServletServer server =
                ServletServer.in(Container.JETTY).servlet(reported, "/*").start()) {
            assertThat(RawHttp.get(server.port(), "/", line).body())
                    .isEqualTo(Optional.ofNullable(byPeer) + " " + Optional.ofNullable(byOthers) + " Optional.empty");
        }
    }

    private static String addressFrom(String remote, String path) throws Exception {
        Filter peer = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getRemoteAddr() {
                        return remote;
                    }
                },
                response);
        try (ServletServer server = ServletServer.in(Container.JETTY)
                .filter(peer, "/*")
                .servlet(new Echo(), "/*")
                .start()) {
            return RawHttp.get(server.port(), path, "X-Forwarded-For: 203.0.113.7")
                    .body();
        }
    }

    /** End to end: the address decides whether a key that is bound to one is let in. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void keyBoundToAnAddress_isLetInFromThereOnly(Container container) throws Exception {
        Probe probe = new Probe();
        try (FilterKeys keys = new FilterKeys()) {
            ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                    .clientAddress(TRUSTS_PEER)
                    .requireKey("*", "/**")
                    .build();
            String key = "X-API-Key: " + keys.refusedTokens().get("address not allowed");
            try (ServletServer server = ServletServer.in(container)
                    .filter(filter, "/*")
                    .servlet(probe, "/*")
                    .start()) {
                int port = server.port();
                assertThat(RawHttp.get(port, "/x", key, "X-Forwarded-For: 203.0.113.7")
                                .status())
                        .isEqualTo(200);
                assertThat(RawHttp.get(port, "/x", key, "X-Forwarded-For: 203.0.113.7, 198.51.100.1")
                                .status())
                        .isEqualTo(401);
                assertThat(RawHttp.get(port, "/x", key).status()).isEqualTo(401);
            }
        }
        assertThat(probe.runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "10.0.0"})
    void proxies_thatAreNoAddresses_areRefused(String cidr) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientAddress.behindProxies("127.0.0.1", cidr))
                .withMessageContaining(cidr);
    }

    @Test
    void proxies_none_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(ClientAddress::behindProxies);
    }
}
