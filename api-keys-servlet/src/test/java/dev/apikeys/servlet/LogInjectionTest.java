package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One event is one line, whatever strangers send. */
class LogInjectionTest {
    private static final String EVIL = "\r\n2026-01-01 INFO all is well \u001b[2J\u202e\u2028\u2029\u0000\u0085";

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofAnythingASocketCanSend_isOneLine(Container container) throws Exception {
        Probe probe = new Probe();
        try (FilterKeys keys = new FilterKeys();
                LogCapture log = LogCapture.start();
                ServletServer server = ServletServer.in(container)
                        .filter(evilAddress(), "/*")
                        .filter(
                                ApiKeyFilter.builder(keys.service)
                                        .require("GET", "/x", "manage:systems")
                                        .build(),
                                "/*")
                        .servlet(probe, "/*")
                        .start()) {
            String key = "X-API-Key: " + keys.readerToken();
            List<RawHttp.Answer> answers = List.of(
                    RawHttp.get(server.port(), "/x"),
                    RawHttp.get(server.port(), "/x", key),
                    RawHttp.get(server.port(), "/none%20%E2%80%AE", key),
                    RawHttp.get(server.port(), "/x%0d%0aINFO", key),
                    RawHttp.get(server.port(), "/x", "Authorization: Bearer a\tb%0d%0a", "User-Agent: \u00c2\u0085"),
                    RawHttp.get(server.port(), "/x", "X-API-Key: myk_\u00e2\u0080\u00ae"),
                    RawHttp.request(server.port(), "M-EVIL", "/x", key));
            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(400, 401, 403, 501));
            assertThat(log.ours()).hasSizeGreaterThanOrEqualTo(5);
            assertThat(log.ours()).allSatisfy(line -> {
                assertThat(line.text()).endsWith("\n");
                assertThat(line.text().stripTrailing().codePoints())
                        .as(line.text())
                        .noneMatch(c -> Character.isISOControl(c) || c == 0x202E || c == 0x2028 || c == 0x2029);
            });
        }
        assertThat(probe.runs()).isZero();
    }

    /** As a container may report it that takes the address from a header. */
    private static Filter evilAddress() {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getRemoteAddr() {
                        return "1.2.3.4" + EVIL;
                    }
                },
                response);
    }
}
