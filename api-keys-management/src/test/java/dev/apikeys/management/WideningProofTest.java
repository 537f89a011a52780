package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Verification;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where creation asks for a proof, rotation and every widening ask for it too, in each family; and nothing else does. */
class WideningProofTest {
    private static final String PROOF = ",\"password\":\"" + ManagementWorld.PASSWORD + "\"}";
    private static final String WRONG_PROOF = ",\"password\":\"wrong\"}";

    static Stream<Arguments> families() {
        return ManagedFamily.everywhere().filter(where -> ((ManagedFamily) where.get()[1]).creates());
    }

    /** A host that asks for the password in every family, and lets keys expire later. */
    private static ManagementWorld world(Container container, ManagedFamily family) throws Exception {
        return ManagementWorld.in(container)
                .serving(family)
                .policy(KeyPolicy.DEFAULT.expiryMayMoveLater())
                .settings(WideningProofTest::askingForThePassword)
                .start();
    }

    private static ManagementServlet.Builder askingForThePassword(ManagementServlet.Builder servlet) {
        return servlet.stepUp((user, typed) ->
                typed.reveal().equals(ManagementWorld.PASSWORD) ? StepUp.Result.PROVEN : StepUp.Result.WRONG);
    }

    /** Calls that give the key more, without their closing brace. */
    private static List<String> wider(ManagedFamily family) {
        boolean camel = family == ManagedFamily.TENANT;
        String grant = switch (family) {
            case PERSONAL -> "{\"mode\":\"write\"";
            case WORKSPACE -> "{\"allowed_scopes\":[\"read:systems\",\"manage:systems\"]";
            case TENANT, ADMINISTRATION -> "{\"permissions\":[\"read:systems\",\"manage:systems\"]";
        };
        String addresses = camel ? "allowedFrom" : "allowed_from";
        Stream<String> everywhere = Stream.of(
                grant,
                "{\"" + addresses + "\":[\"10.0.0.0/7\"]",
                "{\"" + addresses + "\":[]",
                "{\"" + (camel ? "expiresAt" : "expires_at") + "\":\"2026-06-01T00:00:00Z\"");
        Stream<String> policies = Stream.of("{\"mcpPreset\":\"read_only\"", "{\"mcpReadOnly\":false");
        return Stream.concat(everywhere, camel ? policies : Stream.of()).toList();
    }

    private static IssuedKey narrowKey(ManagementWorld world) {
        IssuedKey issued = world.issue("alice", "org_1", "CRM");
        world.keys.update(
                KeyRef.of(issued.key().id()), KeyUpdate.nothing().allowedFrom("10.0.0.0/8"), Actor.of("alice"));
        return issued;
    }

    @ParameterizedTest
    @MethodSource("families")
    void widening_withoutTheProof_changesNothing_andWithItIsMade(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = world(container, family)) {
            ApiKey key = narrowKey(world).key();
            int refused = family == ManagedFamily.WORKSPACE ? 422 : 400;
            for (String wider : wider(family)) {
                List<ApiKey> before = world.storedKeys();
                for (String end : List.of("}", WRONG_PROOF, ",\"password\":\"\"}", ",\"password\":null}")) {
                    HttpResponse<String> answer = world.as(family.insider, "PATCH", "/" + key.id(), wider + end);
                    assertThat(answer.statusCode()).as(wider + end).isEqualTo(refused);
                    assertThat(answer.body()).contains("password").doesNotContain("wrong");
                }
                assertThat(world.storedKeys()).isEqualTo(before);
            }
            for (String wider : wider(family)) {
                HttpResponse<String> answer = world.as(family.insider, "PATCH", "/" + key.id(), wider + PROOF);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void rotation_withoutTheProof_changesNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            IssuedKey issued = world.issue("alice", "org_1", "CRM");
            String path = "/" + issued.key().id() + "/rotate";
            String grace = family == ManagedFamily.TENANT ? "{\"graceHours\":0" : "{\"grace_hours\":0";
            for (String body : List.of("", "{}", grace + "}", grace + WRONG_PROOF)) {
                assertThat(world.as(family.insider, "POST", path, body).statusCode())
                        .isEqualTo(family == ManagedFamily.WORKSPACE ? 422 : 400);
            }
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);
            assertThat(world.as(family.insider, "POST", path, grace + PROOF).statusCode())
                    .isEqualTo(200);
            assertThat(world.keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
        }
    }

    @Test
    void widening_byPut_needsTheProofToo() throws Exception {
        try (ManagementWorld world = world(Container.JETTY, ManagedFamily.TENANT)) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            String wider = wider(ManagedFamily.TENANT).get(0);
            assertThat(world.as("alice@org_1", "PUT", "/" + key.id(), wider + "}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(world.storedKeys()).containsExactly(key);
            assertThat(world.as("alice@org_1", "PUT", "/" + key.id(), wider + PROOF)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void policyForAgents_narrowerOrPaused_needsTheSessionAlone() throws Exception {
        try (ManagementWorld world = world(Container.JETTY, ManagedFamily.TENANT)) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            String path = "/" + key.id();
            assertThat(world.as("alice@org_1", "PATCH", path, "{\"mcpPreset\":\"full\"" + PROOF)
                            .statusCode())
                    .isEqualTo(200);
            for (String narrower : List.of(
                    "{\"mcpProjectIds\":[\"p1\"]}",
                    "{\"mcpPreset\":\"standard\"}",
                    "{\"mcpActive\":false}",
                    "{\"mcpActive\":true}",
                    "{\"mcpPreset\":\"none\"}")) {
                HttpResponse<String> answer = world.as("alice@org_1", "PATCH", path, narrower);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    /** What isn't wider for the key that was read may be wider for what another call has made of it. */
    @ParameterizedTest
    @MethodSource("families")
    void change_ofAKeyThatAnotherCallHasNarrowedMeanwhile_isAConflict(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = world(container, family)) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            AtomicBoolean first = new AtomicBoolean(true);
            world.store.after(StoreCall.FIND, arguments -> {
                if (first.getAndSet(false)) {
                    world.keys.update(
                            KeyRef.of(key.id()), KeyUpdate.nothing().allowedFrom("10.1.0.0/16"), Actor.of("bob"));
                }
            });
            String addresses = family == ManagedFamily.TENANT ? "allowedFrom" : "allowed_from";
            HttpResponse<String> late =
                    world.as(family.insider, "PATCH", "/" + key.id(), "{\"" + addresses + "\":[\"10.0.0.0/8\"]}");
            assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
            assertThat(world.storedKeys().get(0).allowedFrom()).hasToString("[10.1.0.0/16]");
        }
    }

    /** In the dialect of each family, with the words that clients know. */
    @ParameterizedTest
    @MethodSource("families")
    void proofThatCantBeChecked_changesNothing(Container container, ManagedFamily family) throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .settings(servlet -> servlet.stepUp((user, typed) -> StepUp.Result.UNAVAILABLE))
                .start()) {
            IssuedKey issued = narrowKey(world);
            String path = "/" + issued.key().id();
            String proof = "\"password\":\"" + ManagementWorld.UNCHECKABLE_PASSWORD + "\"";
            List<ApiKey> before = world.storedKeys();
            answers.add(world.as(family.insider, "POST", path + "/rotate", "{" + proof + "}"));
            answers.add(world.as(family.insider, "PATCH", path, wider(family).get(0) + "," + proof + "}"));
            if (family == ManagedFamily.TENANT) {
                answers.add(world.as(family.insider, "PUT", path, wider(family).get(0) + "," + proof + "}"));
            }
            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .containsOnly(family == ManagedFamily.PERSONAL ? 400 : 502);
            assertThat(world.storedKeys()).isEqualTo(before);
        }
    }
}
