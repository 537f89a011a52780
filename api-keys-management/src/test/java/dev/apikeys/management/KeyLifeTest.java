package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.Verification;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rotating, pausing and changing a key, in each family that creates keys. */
class KeyLifeTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROOF = "\"password\":\"" + ManagementWorld.PASSWORD + "\"";
    private static final String WRONG_PROOF = "\"password\":\"wrong\"";

    static Stream<Arguments> families() {
        return ManagedFamily.everywhere().filter(where -> ((ManagedFamily) where.get()[1]).creates());
    }

    private static ManagementWorld world(Container container, ManagedFamily family) throws Exception {
        return ManagementWorld.in(container).serving(family).start();
    }

    /** The key of an answer about one key. */
    private static JsonNode key(HttpResponse<String> response) throws Exception {
        JsonNode body = JSON.readTree(response.body());
        return body.has("data") ? body.get("data") : body.has("apiKey") ? body.get("apiKey") : body;
    }

    private static String token(HttpResponse<String> response) throws Exception {
        JsonNode body = JSON.readTree(response.body());
        return (body.has("data") ? body.get("data").get("token") : body.get("key")).asText();
    }

    @ParameterizedTest
    @MethodSource("families")
    void rotate_ownKey_givesANewTokenOnce_andTheOldOneEndsWithTheGrace(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = world(container, family)) {
            IssuedKey issued = world.issue("alice", "org_1", "CRM");
            String path = "/" + issued.key().id();
            String hours = family == ManagedFamily.TENANT ? "graceHours" : "grace_hours";

            HttpResponse<String> rotated =
                    world.as(family.insider, "POST", path + "/rotate", "{\"" + hours + "\":0," + PROOF + "}");

            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            assertThat(key(rotated).get("id").asText())
                    .isEqualTo(issued.key().id().toString());
            assertThat(key(rotated).get("status").asText()).isEqualTo("active");
            assertThat(world.keys.verify(token(rotated))).isInstanceOf(Verification.Accepted.class);
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
            assertThat(world.as(family.insider, "GET", "", "").body()).doesNotContain(token(rotated));
        }
    }

    /** As a request of HTTP/2 may be: with a body, and without a header that says so. */
    private static Filter withoutLength() {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public long getContentLengthLong() {
                        return -1;
                    }

                    @Override
                    public @Nullable String getHeader(String name) {
                        return name.equalsIgnoreCase("Content-Length") ? null : super.getHeader(name);
                    }
                },
                response);
    }

    @ParameterizedTest
    @MethodSource("families")
    void rotate_bodyWithoutALength_isReadAllTheSame(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .filter(host -> withoutLength())
                .start()) {
            IssuedKey issued = world.issue("alice", "org_1", "CRM");
            String path = "/" + issued.key().id() + "/rotate";
            String hours = family == ManagedFamily.TENANT ? "graceHours" : "grace_hours";

            HttpResponse<String> rotated =
                    world.as(family.insider, "POST", path, "{\"" + hours + "\":0," + PROOF + "}");

            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
            HttpResponse<String> empty = world.as(family.insider, "POST", path, "");
            assertThat(empty.statusCode()).isEqualTo(family == ManagedFamily.PERSONAL ? 400 : 200);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void rotate_graceOutOfRange_namesTheField(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            String path = "/" + world.issue("alice", "org_1", "CRM").key().id() + "/rotate";
            String hours = family == ManagedFamily.TENANT ? "graceHours" : "grace_hours";
            for (String wrong : List.of("-1", "169", "1.5", "\"1\"")) {
                HttpResponse<String> refused =
                        world.as(family.insider, "POST", path, "{\"" + hours + "\":" + wrong + "," + PROOF + "}");
                assertThat(refused.statusCode()).isEqualTo(family == ManagedFamily.WORKSPACE ? 422 : 400);
                assertThat(refused.body()).contains(hours);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void pauseAndResume_ownKey_canBeRepeated(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            IssuedKey issued = world.issue("alice", "org_1", "CRM");
            String path = "/" + issued.key().id();
            for (int time = 0; time < 2; time++) {
                HttpResponse<String> paused = world.as(family.insider, "POST", path + "/pause", "");
                assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
                assertThat(key(paused).get("status").asText()).isEqualTo("paused");
            }
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
            for (int time = 0; time < 2; time++) {
                HttpResponse<String> resumed = world.as(family.insider, "POST", path + "/resume", "");
                assertThat(key(resumed).get("status").asText()).isEqualTo("active");
            }
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void change_narrower_needsTheSessionAlone(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            String addresses = family == ManagedFamily.TENANT ? "allowedFrom" : "allowed_from";
            String expiry = family == ManagedFamily.TENANT ? "expiresAt" : "expires_at";

            HttpResponse<String> changed = world.as(
                    family.insider,
                    "PATCH",
                    "/" + key.id(),
                    "{\"name\":\"ERP\",\"" + addresses + "\":[\"10.0.0.0/8\"],\"" + expiry
                            + "\":\"2026-03-01T00:00:00Z\"}");

            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(key(changed).get("name").asText()).isEqualTo("ERP");
            assertThat(key(changed).get(addresses).toString()).isEqualTo("[\"10.0.0.0/8\"]");
            assertThat(key(changed).get(expiry).asText()).isEqualTo("2026-03-01T00:00:00Z");
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void change_expiryLaterOrPast_isRefusedByName_unlessThePolicyAllowsIt(Container container, ManagedFamily family)
            throws Exception {
        String expiry = family == ManagedFamily.TENANT ? "expiresAt" : "expires_at";
        try (ManagementWorld world = world(container, family)) {
            String path = "/" + world.issue("alice", "org_1", "CRM").key().id();
            for (String wrong : List.of("2026-06-01T00:00:00Z", "2026-02-01T00:00:00Z")) {
                HttpResponse<String> refused =
                        world.as(family.insider, "PATCH", path, "{\"" + expiry + "\":\"" + wrong + "\"," + PROOF + "}");
                assertThat(refused.statusCode()).isEqualTo(family == ManagedFamily.WORKSPACE ? 422 : 400);
                assertThat(refused.body()).contains(expiry, "out_of_range");
            }
        }
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .policy(KeyPolicy.DEFAULT.expiryMayMoveLater())
                .start()) {
            String path = "/" + world.issue("alice", "org_1", "CRM").key().id();
            HttpResponse<String> later = world.as(
                    family.insider, "PATCH", path, "{\"" + expiry + "\":\"2026-06-01T00:00:00Z\"," + PROOF + "}");
            assertThat(later.statusCode()).as(later.body()).isEqualTo(200);
        }
    }

    @Test
    void change_wider_needsTheProofThatCreationNeeds() throws Exception {
        try (ManagementWorld world = world(Container.JETTY, ManagedFamily.PERSONAL)) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            String path = "/" + key.id();
            String wider = "{\"mode\":\"write\"";

            HttpResponse<String> without = world.as("alice@org_1", "PATCH", path, wider + "}");
            assertThat(without.statusCode()).isEqualTo(400);
            assertThat(without.body()).contains("{\"key\":\"password\",\"message\":\"required\",\"value\":\"\"}");
            HttpResponse<String> wrong = world.as("alice@org_1", "PATCH", path, wider + "," + WRONG_PROOF + "}");
            assertThat(wrong.body()).contains("incorrect_password");
            assertThat(world.storedKeys()).containsExactly(key);

            HttpResponse<String> right = world.as("alice@org_1", "PATCH", path, wider + "," + PROOF + "}");
            assertThat(right.statusCode()).isEqualTo(200);
            assertThat(key(right).get("mode").asText()).isEqualTo("write");
            int asked = world.stepUps.get();
            assertThat(world.as("alice@org_1", "PATCH", path, "{\"mode\":\"read\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(world.stepUps).hasValue(asked);
        }
    }

    @Test
    void rotate_wrongOrNoProof_changesNothing() throws Exception {
        try (ManagementWorld world = world(Container.TOMCAT, ManagedFamily.PERSONAL)) {
            IssuedKey issued = world.issue("alice", "org_1", "CRM");
            String path = "/" + issued.key().id() + "/rotate";
            assertThat(world.as("alice@org_1", "POST", path, "").statusCode()).isEqualTo(400);
            assertThat(world.as("alice@org_1", "POST", path, "{" + WRONG_PROOF + "}")
                            .body())
                    .contains("incorrect_password");
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void calls_foreignUnknownOrEndedKey_tellNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            ApiKey foreign = world.issue("mallory", "org_9", "not yours").key();
            ApiKey revoked = world.issue("alice", "org_1", "gone").key();
            world.revoke(revoked);
            for (String call : List.of("rotate", "pause", "resume")) {
                List<HttpResponse<String>> answers = Stream.of(foreign.id(), revoked.id(), UUID.randomUUID())
                        .map(id -> world.as(family.insider, "POST", "/" + id + "/" + call, "{" + PROOF + "}"))
                        .toList();
                assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(404);
                assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
            }
            assertThat(world.stepUps).hasValue(0);
            assertThat(world.keys.find(KeyRef.of(foreign.id()))).contains(foreign);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void calls_expiredKey_areAConflict(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            ApiKey key = world.issue("alice", "org_1", "old").key();
            world.clock.advance(Duration.ofDays(100));
            for (String call : List.of("rotate", "pause", "resume")) {
                assertThat(world.as(family.insider, "POST", "/" + key.id() + "/" + call, "{" + PROOF + "}")
                                .statusCode())
                        .isEqualTo(409);
            }
            assertThat(world.stepUps).hasValue(0);
        }
    }
}
