package dev.apikeys.gateway;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.Rejection;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Revocation by whoever has the token (RFC 7009). */
class RevocationTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey own = service.keys().issue(spec().with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)));
    private final IssuedKey other = service.issue();
    private Verifying server;

    @BeforeEach
    void start() throws Exception {
        VerificationServlet servlet = VerificationServlet.builder(service.keys())
                .revocation()
                .gateways("127.0.0.1")
                .build();
        server = Verifying.at(Container.JETTY, servlet, "");
    }

    @AfterEach
    void close() {
        server.close();
        service.close();
    }

    private HttpResponse<String> revoke(String token, String... headers) {
        return server.post("/keys/revoke", "token_type_hint=access_token&token=" + token, Verifying.FORM, headers);
    }

    @Test
    void keyThatMayRevokeItself_isRevoked_andSaysWho() {
        HttpResponse<String> answer = revoke(own.token().reveal(), "X-Forwarded-For", "203.0.113.9");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(service.verify(own)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
        assertThat(service.keys()
                        .find(own.key().id())
                        .orElseThrow()
                        .revocation()
                        .toString())
                .contains("alice");
    }

    @Test
    void otherKey_isNot() {
        HttpResponse<String> answer = revoke(other.token().reveal());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("unsupported_token_type");
        assertThat(Objects.toString(service.verify(other))).contains("Accepted");
    }

    /** As a store in Kotlin may throw it. */
    @Test
    void exceptionThatTheStoreDoesNotDeclare_isAnsweredAsAnyFailure() {
        service.store().failBefore(StoreCall.APPLY, new Exception("not declared"));

        HttpResponse<String> answer = revoke(own.token().reveal());

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("internal_error").doesNotContain("not declared");
        assertThat(answer.headers().firstValue("X-Correlation-Id")).isPresent();
    }

    @Test
    void tokenThatIsNotValid_isAnsweredLikeARevokedOne() {
        String token = own.token().reveal();
        HttpResponse<String> revoked = revoke(token);

        for (String invalid : new String[] {
            token, FilterKeys.withOtherEnd(other.token().reveal()), FilterKeys.unknownToken(), "nonsense"
        }) {
            HttpResponse<String> answer = revoke(invalid);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(revoked.body());
        }
        assertThat(Objects.toString(service.verify(other))).contains("Accepted");
    }

    /** Its holder is told that it is gone, so it must not come back when somebody resumes it. */
    @Test
    void keyThatIsOnlyHeldBack_isRevokedToo() {
        IssuedKey elsewhere = service.keys()
                .issue(spec().named("elsewhere")
                        .allowedFrom("203.0.113.0/24")
                        .with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)));
        service.keys().pause(TestKeys.ref(own), TestKeys.ACTOR);
        service.keys().pause(TestKeys.ref(other), TestKeys.ACTOR);

        assertThat(revoke(own.token().reveal()).statusCode()).isEqualTo(200);
        assertThat(revoke(elsewhere.token().reveal()).statusCode()).isEqualTo(200);
        assertThat(revoke(other.token().reveal()).statusCode()).isEqualTo(400);

        assertThat(service.verify(own)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
        assertThat(service.verify(elsewhere)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
        assertThat(service.verify(other)).isEqualTo(TestKeys.rejected(Rejection.PAUSED));
    }

    @Test
    void keyOfASuspendedOwner_isRevokedToo() {
        service.owners().suspend(TestKeys.ALICE);
        service.keys().ownerChanged(TestKeys.ALICE);

        assertThat(revoke(own.token().reveal()).statusCode()).isEqualTo(200);
        assertThat(service.verify(own)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
    }

    @Test
    void outage_isNoSuccess() {
        service.verify(own);
        service.store().cutOff();

        HttpResponse<String> answer = revoke(own.token().reveal());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void otherForms_areRefused() {
        assertThat(server.post("/keys/revoke", "", Verifying.FORM).statusCode()).isEqualTo(400);
        assertThat(server.post("/keys/revoke", "{}", "application/json").statusCode())
                .isEqualTo(415);
        assertThat(server.post("/keys/revoke?token=" + own.token().reveal(), "", Verifying.FORM)
                        .statusCode())
                .isEqualTo(400);
    }
}
