package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refused caller gets to see, to the byte. */
class ChallengeMatrixTest {
    private static final String PLAIN_401 = """
            HTTP/1.1 401
            cache-control: no-store
            content-length: 64
            content-type: application/json
            vary: Authorization, X-API-Key
            www-authenticate: Bearer
            x-content-type-options: nosniff

            {"error":"unauthorized","message":"a valid API key is required"}""";

    private static final String INVALID_TOKEN_401 = """
            HTTP/1.1 401
            cache-control: no-store
            content-length: 64
            content-type: application/json
            vary: Authorization, X-API-Key
            www-authenticate: Bearer error="invalid_token"
            x-content-type-options: nosniff

            {"error":"unauthorized","message":"a valid API key is required"}""";

    private static final String SCOPE_403 = """
            HTTP/1.1 403
            cache-control: no-store
            content-length: 61
            content-type: application/json
            vary: Authorization, X-API-Key
            www-authenticate: Bearer error="insufficient_scope", scope="manage:systems"
            x-content-type-options: nosniff

            {"error":"forbidden","message":"the API key may not do this"}""";

    private static final String NO_RULE_403 = """
            HTTP/1.1 403
            cache-control: no-store
            content-length: 61
            content-type: application/json
            vary: Authorization, X-API-Key
            www-authenticate: Bearer error="insufficient_scope"
            x-content-type-options: nosniff

            {"error":"forbidden","message":"the API key may not do this"}""";

    private static final String SEVERAL_400 = """
            HTTP/1.1 400
            cache-control: no-store
            content-length: 60
            content-type: application/json
            vary: Authorization, X-API-Key
            www-authenticate: Bearer error="invalid_request"
            x-content-type-options: nosniff

            {"error":"bad_request","message":"send exactly one API key"}""";

    private static final String PATH_400 = """
            HTTP/1.1 400
            cache-control: no-store
            content-length: 62
            content-type: application/json
            vary: Authorization, X-API-Key
            x-content-type-options: nosniff

            {"error":"bad_request","message":"the path is not acceptable"}""";

    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();
    private ApiKeyFilter filter;

    @BeforeEach
    void setUp() {
        filter = ApiKeyFilter.builder(keys.service)
                .require("GET", "/systems/**", "read:systems")
                .require("POST", "/systems/**", "manage:systems")
                .build();
    }

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/*")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_withoutCredential_isPlainChallenge(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            assertThat(RawHttp.get(server.port(), "/systems/1").golden()).isEqualTo(PLAIN_401);
            assertThat(RawHttp.get(server.port(), "/systems/1", "Authorization: ")
                            .golden())
                    .isEqualTo(PLAIN_401);
            assertThat(RawHttp.get(server.port(), "/systems/1", "Authorization: Bearer ")
                            .golden())
                    .isEqualTo(PLAIN_401);
            assertThat(RawHttp.get(server.port(), "/systems/1", "X-API-Key:").golden())
                    .isEqualTo(PLAIN_401);
            assertThat(RawHttp.get(server.port(), "/systems/1", "Authorization: Basic YWxpY2U6cHc=")
                            .golden())
                    .isEqualTo(PLAIN_401);
            assertThat(RawHttp.get(server.port(), "/nowhere").golden()).isEqualTo(PLAIN_401);
        }
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofEveryBadToken_isTheSameToTheByte(Container container) throws Exception {
        Map<String, String> answers = new LinkedHashMap<>();
        Map<String, String> tokens = keys.refusedTokens();
        try (ServletServer server = start(container)) {
            tokens.forEach((what, token) -> {
                for (String header : List.of("Authorization: Bearer ", "X-API-Key: ")) {
                    for (String path : List.of("/systems/1", "/nowhere")) {
                        answers.put(
                                what + " " + header + path,
                                RawHttp.get(server.port(), path, header + token).golden());
                    }
                }
            });
        }
        assertThat(answers).hasSize(4 * tokens.size());
        assertThat(answers.values()).containsOnly(INVALID_TOKEN_401);
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofValidKey_namesTheMissingScope(Container container) throws Exception {
        String credential = "Authorization: Bearer " + keys.readerToken();
        try (ServletServer server = start(container)) {
            assertThat(RawHttp.request(server.port(), "POST", "/systems/1", credential, "Content-Length: 0")
                            .golden())
                    .isEqualTo(SCOPE_403);
            assertThat(RawHttp.get(server.port(), "/nowhere", credential).golden())
                    .isEqualTo(NO_RULE_403);
            assertThat(RawHttp.request(server.port(), "DELETE", "/systems/1", credential)
                            .golden())
                    .isEqualTo(NO_RULE_403);
            assertThat(probe.runs()).isZero();
            assertThat(RawHttp.get(server.port(), "/systems/1", credential).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofSeveralCredentialsOrDoubtfulPath_isBadRequest(Container container) throws Exception {
        String token = keys.readerToken();
        try (ServletServer server = start(container)) {
            assertThat(RawHttp.get(server.port(), "/systems/1", "Authorization: Bearer " + token, "X-API-Key: " + token)
                            .golden())
                    .isEqualTo(SEVERAL_400);
            assertThat(RawHttp.get(server.port(), "/systems/1;x", "X-API-Key: " + token)
                            .golden())
                    .isEqualTo(PATH_400);
        }
        assertThat(probe.runs()).isZero();
    }

    /** Random bytes in the credential, among them CR, LF and quotes, must not move a byte of the answer. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofFuzzedHeaders_holdsNothingOfThem(Container container) throws Exception {
        Random random = new Random(24);
        int decided = 0;
        try (ServletServer server = start(container)) {
            for (int i = 0; i < 400; i++) {
                String name = random.nextBoolean() ? "Authorization: Bearer " : "X-API-Key: ";
                String value = fuzz(random);
                RawHttp.Answer answer = RawHttp.get(server.port(), "/systems/1", name + "myk_" + value);
                if (answer.header("Vary").isEmpty()) {
                    // Not from the filter: the container refused the bytes itself.
                    assertThat(answer.status()).as(value).isIn(0, 400);
                } else {
                    decided++;
                    assertThat(answer.golden()).as(value).isIn(INVALID_TOKEN_401, SEVERAL_400);
                }
                assertThat(answer.head()).as(value).noneMatch(line -> line.contains("evil"));
            }
        }
        assertThat(decided).isGreaterThan(50);
        assertThat(probe.runs()).isZero();
    }

    private static String fuzz(Random random) {
        String visible = "\"\"\\\\,;=<>%&' abcdef0123456789";
        String alphabet = random.nextBoolean() ? visible : visible + "\t\u007f\u00e9\u0001\u0000\u0085\u00ff";
        StringBuilder value = new StringBuilder();
        int length = 1 + random.nextInt(100);
        for (int i = 0; i < length; i++) {
            value.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return switch (random.nextInt(4)) {
            case 0 ->
                value.insert(random.nextInt(value.length()), "\r\nX-evil: evil\r\n")
                        .toString();
            case 1 ->
                value.insert(random.nextInt(value.length()), "\nX-evil: evil").toString();
            case 2 ->
                value.insert(random.nextInt(value.length()), "\"\revil=\"").toString();
            default -> value.toString();
        };
    }
}
