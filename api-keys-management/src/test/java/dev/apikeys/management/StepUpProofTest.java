package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proofs of users who have no password. */
class StepUpProofTest {
    private static final String BODY = "\"name\":\"CRM\",\"mode\":\"read\"";

    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).build();

    private HttpResponse<String> create(Container container, StepUp stepUp, String more) throws Exception {
        ManagementServlet servlet = ManagementServlet.builder(keys, request -> Caller.session("alice"))
                .personalKeys(stepUp)
                .build();
        try (ServletServer server =
                ServletServer.in(container).servlet(servlet, "/keys/*").start()) {
            return Http.call("POST", server.uri("/keys"), "{" + BODY + more + "}", "Content-Type", "application/json");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void proof_inTheFieldThatTheHostNames_isAskedForAndChecked(Container container) throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        StepUp passkey = StepUp.asking("passkey", (user, proof) -> {
            seen.set(user + " " + proof.reveal());
            return proof.reveal().equals("{\"id\":\"x\"}") ? StepUp.Result.PROVEN : StepUp.Result.WRONG;
        });

        HttpResponse<String> created = create(container, passkey, ",\"passkey\":\"{\\\"id\\\":\\\"x\\\"}\"");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(seen).hasValue("alice {\"id\":\"x\"}");

        HttpResponse<String> wrong = create(container, passkey, ",\"passkey\":\"secret-4711\"");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("{\"key\":\"passkey\",\"message\":\"incorrect_proof\",\"value\":\"\"}")
                .doesNotContain("4711");
        for (String absent : List.of("", ",\"passkey\":\"\"", ",\"password\":\"right\"")) {
            assertThat(create(container, passkey, absent).body())
                    .contains("{\"key\":\"passkey\",\"message\":\"required\",\"value\":\"\"}");
        }
        assertThat(create(container, passkey, ",\"passkey\":{\"id\":1}").body())
                .contains("{\"key\":\"passkey\",\"message\":\"invalid\",\"value\":\"\"}");
    }

    /** The host knows when the user logged in, and nothing is typed. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void proof_thatTheHostKnowsByItself_isNotAskedFor(Container container) throws Exception {
        assertThat(create(container, StepUp.askingNothing(user -> StepUp.Result.PROVEN), "")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> tooLongAgo = create(container, StepUp.askingNothing(user -> StepUp.Result.WRONG), "");
        assertThat(tooLongAgo.statusCode()).isEqualTo(403);
        assertThat(tooLongAgo.body()).contains("\"data\":null");
    }

    /** A queue of the library's own is no outage of somebody else. */
    @ParameterizedTest
    @EnumSource(
            value = ManagedFamily.class,
            names = {"PERSONAL", "WORKSPACE", "TENANT"})
    void stepUp_thatIsBusy_isUnavailableForAMoment(ManagedFamily family) throws Exception {
        StepUp busy = (user, typed) -> StepUp.Result.BUSY;
        try (ManagementWorld world = ManagementWorld.in(Container.TOMCAT)
                .serving(family)
                .settings(servlet -> servlet.stepUp(busy))
                .start()) {
            Route<?> create = world.routes().stream()
                    .filter(route -> route.method().equals("POST"))
                    .findFirst()
                    .orElseThrow();
            String body = AllCalls.body(create, world).replace(ManagementWorld.PASSWORD, ManagementWorld.BUSY_PASSWORD);
            HttpResponse<String> answer = world.as(family.insider, "POST", "", body);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.body())
                    .containsIgnoringCase("service unavailable")
                    .doesNotContain("identity");
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    @Test
    void field_thatIsNoneOrTaken_isRefusedByName() {
        for (String field : List.of("", "a b", "a-b", "x".repeat(65))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StepUp.asking(field, (user, proof) -> StepUp.Result.PROVEN))
                    .withMessageContaining(field);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> ManagementServlet.builder(keys, request -> Caller.anonymous())
                        .personalKeys(StepUp.asking("mode", (user, proof) -> StepUp.Result.PROVEN))
                        .build())
                .withMessageContaining("mode");
    }
}
