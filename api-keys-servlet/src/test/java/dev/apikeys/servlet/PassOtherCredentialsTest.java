package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import dev.apikeys.ImportedToken;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.TokenFormat;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host that has an authentication of its own behind the filter. */
class PassOtherCredentialsTest {
    private static final String JWT = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";

    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container, ApiKeyFilterBuilder filter) throws Exception {
        return ServletServer.in(container)
                .filter(filter.require("GET", "/systems", "manage:systems").build(), "/*")
                .servlet(probe, "/*")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void credential_ofSomebodyElse_isHandedOnWithoutPrincipal(Container container) throws Exception {
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).passOtherCredentials())) {
            for (String[] headers : List.of(
                    new String[] {},
                    new String[] {"Authorization", "Bearer " + JWT},
                    new String[] {
                        "Authorization", "Bearer MYK_" + keys.readerToken().substring(4)
                    },
                    new String[] {"Authorization", "Basic YWxpY2U6cHc="},
                    new String[] {"Authorization", "Digest username=\"a\", realm=\"b\""})) {
                for (String path : List.of("/systems", "/nowhere")) {
                    HttpResponse<String> answer = Http.get(server.uri(path), headers);
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo("reached as null");
                    assertThat(answer.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
                    assertThat(answer.headers().allValues("Cache-Control")).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void credential_ofOurForm_isDecidedByTheRules(Container container) throws Exception {
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).passOtherCredentials())) {
            for (String bad : List.of("myk_", "myk_x", FilterKeys.unknownToken(), keys.readerToken() + "0")) {
                assertThat(Http.get(server.uri("/systems"), "Authorization", "Bearer " + bad)
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(Http.get(server.uri("/systems"), "X-API-Key", JWT).statusCode())
                    .isEqualTo(401);
            assertThat(Http.get(server.uri("/systems"), "X-API-Key", keys.readerToken())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(Http.get(server.uri("/nowhere"), "X-API-Key", keys.writerToken())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(probe.runs()).isZero();
            assertThat(Http.get(server.uri("/systems"), "X-API-Key", keys.writerToken())
                            .body())
                    .isEqualTo("reached as bob");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void credential_ofAnImportedKey_isOurs(Container container) throws Exception {
        ImportedTokens tokens = ImportedTokens.separated("acme_", '.');
        String hash = BcryptFunction.getInstance(Bcrypt.B, 4).hash("7Zr/=q+-x").getResult();
        try (KeyService service = KeyService.builder(new InMemoryApiKeyStore())
                        .tokenFormat(TokenFormat.builder().alsoAccept(tokens).build())
                        .passwordHashing(new Password4jHashing())
                        .build();
                ServletServer server =
                        start(container, ApiKeyFilter.builder(service).passOtherCredentials())) {
            service.importKey(
                    KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.WRITE), ImportedToken.of("k1", hash));
            for (String[] header : List.of(
                    new String[] {"Authorization", "Bearer acme_k1.7Zr/=q+-x"},
                    new String[] {"X-API-Key", "acme_k1.7Zr/=q+-x"})) {
                assertThat(Http.get(server.uri("/systems"), header).body()).isEqualTo("reached as bob");
            }
            for (String refused : List.of("acme_k1.7Zr/=q+-y", "acme_k2.7Zr/=q+-x")) {
                assertThat(Http.get(server.uri("/systems"), "Authorization", "Bearer " + refused)
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(Http.get(server.uri("/systems"), "Authorization", "Bearer acme_k1")
                            .body())
                    .isEqualTo("reached as null");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void credential_ofSomebodyElse_isRefusedByDefault(Container container) throws Exception {
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            HttpResponse<String> token = Http.get(server.uri("/systems"), "Authorization", "Bearer " + JWT);
            assertThat(token.statusCode()).isEqualTo(401);
            assertThat(token.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
            HttpResponse<String> basic = Http.get(server.uri("/systems"), "Authorization", "Basic YWxpY2U6cHc=");
            assertThat(basic.statusCode()).isEqualTo(401);
            assertThat(basic.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
        }
        assertThat(probe.runs()).isZero();
    }
}
