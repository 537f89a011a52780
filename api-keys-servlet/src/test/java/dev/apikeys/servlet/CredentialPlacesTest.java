package dev.apikeys.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys in other places than usual, and beside credentials that are somebody else's. */
class CredentialPlacesTest {
    private static final String PROXY = "Authorization: Basic " + encoded("proxy:pw");
    private static final String JWT = "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";

    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private static String encoded(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private ServletServer start(Container container, CredentialPlaces places) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .credentials(places)
                .require("*", "/manage", "manage:systems")
                .requireKey("*", "/**")
                .build();
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/*")
                .start();
    }

    private static RawHttp.Answer get(ServletServer server, String... lines) throws Exception {
        return RawHttp.get(server.port(), "/x", lines);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void tokenOfOurs_besideAForeignAuthorization_countsWhereTheHostSaysSo(Container container) throws Exception {
        String key = "X-API-Key: " + keys.readerToken();
        try (ServletServer server = start(container, CredentialPlaces.DEFAULT.ignoreForeignAuthorization())) {
            for (String foreign : List.of(PROXY, JWT, "Authorization: Digest a=\"b\", c=d", "Authorization: x")) {
                assertThat(get(server, foreign, key).status()).as(foreign).isEqualTo(200);
                assertThat(get(server, key, foreign).body()).contains("reached as alice");
                assertThat(get(server, foreign, "X-API-Key: " + FilterKeys.unknownToken())
                                .status())
                        .isEqualTo(401);
                assertThat(get(server, foreign).status()).isEqualTo(401);
            }
        }
        try (ServletServer server = start(container, CredentialPlaces.DEFAULT)) {
            assertThat(get(server, PROXY, key).status()).isEqualTo(400);
            assertThat(get(server, JWT, key).status()).isEqualTo(400);
        }
    }

    /** Two of ours in whatever dress, and what only looks foreign. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void severalOfOurs_whereForeignOnesAreIgnored_areBadRequest(Container container) throws Exception {
        String reader = keys.readerToken();
        String writer = keys.writerToken();
        CredentialPlaces places =
                CredentialPlaces.DEFAULT.ignoreForeignAuthorization().queryParameter("api_key");
        try (ServletServer server = start(container, places)) {
            for (String[] lines : List.of(
                    new String[] {"Authorization: Bearer " + writer},
                    new String[] {"Authorization: Token " + writer},
                    new String[] {"Authorization: " + writer},
                    new String[] {"Authorization: Basic " + encoded(writer + ":")},
                    new String[] {"Authorization: Basic " + encoded("x:" + writer)},
                    new String[] {PROXY + ", Bearer " + writer},
                    new String[] {PROXY, JWT},
                    new String[] {"X-API-Key: " + writer})) {
                String[] all = new String[lines.length + 1];
                System.arraycopy(lines, 0, all, 0, lines.length);
                all[lines.length] = "X-API-Key: " + reader;
                RawHttp.Answer answer = get(server, all);
                assertThat(answer.status()).as(lines[0]).isEqualTo(400);
                assertThat(answer.header("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_request\"");
            }
            // A header that holds no token of ours proves nothing about the other one.
            assertThat(get(server, PROXY, "X-API-Key: theirs").status()).isEqualTo(400);
            assertThat(get(server, "Authorization: Bearer " + writer, "X-API-Key: theirs")
                            .status())
                    .isEqualTo(400);
            assertThat(RawHttp.get(server.port(), "/x?api_key=" + reader, PROXY).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void headerAndScheme_thatTheHostChose_replaceTheUsualOnes(Container container) throws Exception {
        String reader = keys.readerToken();
        try (ServletServer server =
                start(container, CredentialPlaces.DEFAULT.header("Api-Key").schemes("Token", "ApiKey"))) {
            for (String line : List.of(
                    "Api-Key: " + reader,
                    "api-key: " + reader,
                    "Authorization: Token " + reader,
                    "Authorization: tOKEN " + reader,
                    "Authorization: ApiKey " + reader)) {
                RawHttp.Answer answer = get(server, line);
                assertThat(answer.status()).as(line).isEqualTo(200);
                assertThat(answer.header("Vary")).containsExactly("Authorization, Api-Key");
            }
            for (String line : List.of("X-API-Key: " + reader, "Authorization: Bearer " + reader)) {
                RawHttp.Answer answer = get(server, line);
                assertThat(answer.status()).as(line).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).containsExactly("Token");
                assertThat(answer.header("Vary")).containsExactly("Authorization, Api-Key");
            }
            assertThat(get(server, "Api-Key: " + reader, "Authorization: Token " + reader)
                            .header("WWW-Authenticate"))
                    .containsExactly("Token error=\"invalid_request\"");
            assertThat(get(server, "Authorization: Token x, ApiKey " + reader).status())
                    .isEqualTo(400);
            assertThat(get(server, "Authorization: Digest a=b, ApiKey " + reader)
                            .status())
                    .isEqualTo(400);
            assertThat(RawHttp.get(server.port(), "/manage", "Api-Key: " + reader)
                            .header("WWW-Authenticate"))
                    .containsExactly("Token error=\"insufficient_scope\", scope=\"manage:systems\"");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void basic_withTheKeyAsUserName_isLetInWhereTheHostSaysSo(Container container) throws Exception {
        String reader = keys.readerToken();
        List<String> lines = List.of(
                "Authorization: Basic " + encoded(reader + ":"),
                "Authorization: basic " + encoded(reader + ":x"),
                "Authorization: Basic " + encoded(reader));
        try (ServletServer server = start(container, CredentialPlaces.DEFAULT.acceptBasic())) {
            for (String line : lines) {
                assertThat(get(server, line).status()).isEqualTo(200);
            }
            assertThat(get(server, "Authorization: Bearer " + reader).status()).isEqualTo(200);
            assertThat(get(server, "Authorization: Basic " + encoded(FilterKeys.unknownToken() + ":"))
                            .status())
                    .isEqualTo(401);
            assertThat(get(server, "Authorization: Basic " + encoded(reader + ":" + keys.writerToken()))
                            .status())
                    .isEqualTo(400);
            for (String foreign : List.of(
                    PROXY,
                    "Authorization: Basic " + encoded("alice:" + reader),
                    "Authorization: Basic ???",
                    "Authorization: Basic",
                    "Authorization: Basic " + encoded(reader + ":" + "x".repeat(2000)))) {
                RawHttp.Answer answer = get(server, foreign);
                assertThat(answer.status()).as(foreign).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).containsExactly("Bearer");
            }
        }
        int runs = probe.runs();
        try (ServletServer server = start(container, CredentialPlaces.DEFAULT)) {
            for (String line : lines) {
                assertThat(get(server, line).status()).isEqualTo(401);
            }
        }
        assertThat(probe.runs()).isEqualTo(runs);
    }

    @Test
    void places_thatAreNone_areRefusedByName() {
        for (String header : List.of("", "a b", "Cookie", "authorization", "Api-Key:", "\u0131d")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CredentialPlaces.DEFAULT.header(header))
                    .withMessageContaining(header);
        }
        for (String scheme : List.of("", "a b", "basic", "Bearer,")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CredentialPlaces.DEFAULT.schemes(scheme))
                    .withMessageContaining(scheme);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CredentialPlaces.DEFAULT.schemes(new String[0]));
        assertThat(CredentialPlaces.DEFAULT
                        .header("Api-Key")
                        .schemes("Token")
                        .acceptBasic()
                        .queryParameter("k")
                        .ignoreForeignAuthorization())
                .hasToString("CredentialPlaces[Api-Key, Authorization [Token], Basic, query k,"
                        + " foreign Authorization ignored]");
    }
}
