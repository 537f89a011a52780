package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.Dispatching;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fragments of a page: each is decided about by its own path, and a denied one is left out. */
@Tag("tr-skip") // A dispatch knows no locale.
class IncludeTest {
    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .permitAll("*", "/public/**")
            .require("*", "/read/**", "read:systems")
            .require("*", "/manage/**", "manage:systems")
            .build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(new Dispatching(), "/public/go", "/read/go")
                .servlet(probe, "/read/x", "/manage/x")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void include_ofPathThatIsDenied_addsNothing(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            for (String way : new String[] {"include", "include-committed"}) {
                HttpResponse<String> anonymous = Http.get(server.uri(Dispatching.path("/public/go", "/read/x", way)));
                assertThat(anonymous.statusCode()).isEqualTo(200);
                assertThat(anonymous.body()).isEqualTo("[before][after]");

                HttpResponse<String> beyond = Http.get(
                        server.uri(Dispatching.path("/read/go", "/manage/x", way)), "X-API-Key", keys.readerToken());
                assertThat(beyond.statusCode()).isEqualTo(200);
                assertThat(beyond.body()).isEqualTo("[before][after]");

                HttpResponse<String> nested =
                        Http.get(server.uri(Dispatching.path("/public/go", "/read/x", "async", "forward", way)));
                assertThat(nested.body()).isEqualTo("[before][after]");
            }
        }
        assertThat(probe.runs()).isZero();
    }

    /** The container drops what was written before it; the denied target adds nothing, and breaks nothing. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void forward_insideAnInclude_isDecidedLikeAnyOther(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            HttpResponse<String> answer =
                    Http.get(server.uri(Dispatching.path("/public/go", "/read/x", "include", "forward")));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("reached", "error");
            HttpResponse<String> within = Http.get(
                    server.uri(Dispatching.path("/public/go", "/read/x", "include", "forward")),
                    "X-API-Key",
                    keys.readerToken());
            assertThat(within.body()).contains("reached as alice");
        }
        assertThat(probe.runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void include_withinTheKey_isPartOfTheAnswer(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            HttpResponse<String> answer = Http.get(
                    server.uri(Dispatching.path("/read/go", "/read/x", "include")), "X-API-Key", keys.readerToken());
            assertThat(answer.body()).isEqualTo("[before]reached as alice[after]");
            assertThat(keys.verifications()).hasValue(1);
        }
    }
}
