package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.net.http.HttpResponse;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the filter asks of the container for one request with a key. Each of these costs more than the rules do. */
@Tag("tr-skip") // Counting knows no locale.
class FilterCostTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource
    void request_withAKey_takesTwoHeadersTwoAttributesAndTwoFields(Container container) throws Exception {
        try (FilterKeys keys = new FilterKeys();
                ServletServer server = ServletServer.in(container)
                        .filter(noting(), "/*")
                        .filter(
                                ApiKeyFilter.builder(keys.service)
                                        .require("GET", "/read", "read:systems")
                                        .build(),
                                "/*")
                        .filter(
                                (request, response, chain) -> {
                                    calls.add("let in");
                                    chain.doFilter(request, response);
                                },
                                "/*")
                        .servlet(new Probe(), "/*")
                        .start()) {
            HttpResponse<String> answer =
                    Http.get(server.uri("/read"), "Authorization", "Bearer " + keys.readerToken());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(calls.subList(0, calls.indexOf("let in")))
                    .containsExactly(
                            "get attribute",
                            "set attribute",
                            "headers X-API-Key",
                            "headers Authorization",
                            "set attribute",
                            "add Vary",
                            "contains Cache-Control",
                            "add Cache-Control");
        }
    }

    private Filter noting() {
        return (request, response, chain) -> chain.doFilter(
                new NotingRequest((HttpServletRequest) request), new NotingResponse((HttpServletResponse) response));
    }

    /** Containers have attributes of their own. */
    private void note(String call, String attribute) {
        if (attribute.startsWith("dev.apikeys.")) {
            calls.add(call);
        }
    }

    private final class NotingRequest extends HttpServletRequestWrapper {
        NotingRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Object getAttribute(String name) {
            note("get attribute", name);
            return super.getAttribute(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            note("set attribute", name);
            super.setAttribute(name, value);
        }

        @Override
        public String getHeader(String name) {
            calls.add("header " + name);
            return super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            calls.add("headers " + name);
            return super.getHeaders(name);
        }
    }

    private final class NotingResponse extends HttpServletResponseWrapper {
        NotingResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public boolean containsHeader(String name) {
            calls.add("contains " + name);
            return super.containsHeader(name);
        }

        @Override
        public void addHeader(String name, String value) {
            calls.add("add " + name);
            super.addHeader(name, value);
        }

        @Override
        public void setHeader(String name, String value) {
            calls.add("set " + name);
            super.setHeader(name, value);
        }
    }
}
