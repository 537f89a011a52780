package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifyTest {
    private static final Duration LIFETIME = Duration.ofDays(90);

    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();
    private final String token = issued.token().reveal();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void rightToken_isAcceptedWithItsPrincipal() {
        KeyPrincipal principal = service.verify(issued).orElseThrow();

        assertThat(principal.keyId()).isEqualTo(issued.key().id());
        assertThat(principal.publicId()).isEqualTo(issued.key().publicId());
        assertThat(principal.kind()).isEqualTo(KeyKind.PERSONAL);
        assertThat(principal.owner()).isEqualTo(ALICE);
        assertThat(principal.keyName()).isEqualTo("CRM");
        assertThat(principal.getName()).isEqualTo("alice");
        assertThat(principal.scopes()).hasToString("manage:* read:*");
        assertThat(principal.expiresAt()).isEqualTo(SettableClock.START.plus(LIFETIME));
    }

    @Test
    void rightToken_isAcceptedEachTime_coldOrCached() {
        assertThat(service.verify(issued)).isEqualTo(service.verify(issued));
    }

    @Test
    void unknownId_isUnknown() {
        assertThat(service.keys().verify("myk_" + "0".repeat(24) + token.substring(28)))
                .isEqualTo(rejected(Rejection.UNKNOWN));
    }

    @Test
    void wrongSecret_isAMismatch_coldOrCached() {
        String wrong = token.substring(0, 29) + "0".repeat(48);

        assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        service.verify(issued);
        assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void anyDigitOfTheSecretChanged_isAMismatch_cachedToo() {
        service.verify(issued);
        for (int position = 29; position < token.length(); position++) {
            StringBuilder other = new StringBuilder(token);
            other.setCharAt(position, other.charAt(position) == '0' ? '1' : '0');
            assertThat(service.keys().verify(other.toString()))
                    .as("digit %d", position)
                    .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void secretOfAnotherKey_isAMismatch_withBothCached() {
        IssuedKey other = service.issue();
        service.verify(issued);
        service.verify(other);

        assertThat(service.keys()
                        .verify(token.substring(0, 29) + other.token().reveal().substring(29)))
                .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
    }

    @Test
    void refusal_asAnException_carriesTheReasonAndNothingElse() {
        assertThatThrownBy(() -> service.keys().verify("nonsense").orElseThrow())
                .isInstanceOfSatisfying(
                        KeyRejectedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Rejection.MALFORMED))
                .hasMessage("the API key was refused");
    }

    @Test
    void secret_isCheckedBeforeEveryState() {
        String wrong = token.substring(0, 29) + "0".repeat(48);
        service.keys().pause(ref(issued), ACTOR);
        assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        service.clock().advance(LIFETIME);
        assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        service.keys().revoke(ref(issued), ACTOR, "");
        assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
    }

    @Test
    void reasons_standInOrder_revokedExpiredPausedAddressOwner() {
        IssuedKey key = service.keys().issue(TestKeys.spec().allowedFrom("10.0.0.0/8"));
        ClientRequest inside = ClientRequest.from("10.1.2.3");
        ClientRequest outside = ClientRequest.from("192.0.2.1");
        assertThat(verify(key, inside)).isInstanceOf(Verification.Accepted.class);

        service.owners().suspend(ALICE);
        service.keys().ownerChanged(ALICE);
        assertThat(verify(key, inside)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        assertThat(verify(key, outside)).isEqualTo(rejected(Rejection.IP_NOT_ALLOWED));

        service.keys().pause(ref(key), ACTOR);
        assertThat(verify(key, outside)).isEqualTo(rejected(Rejection.PAUSED));

        service.clock().advance(LIFETIME);
        assertThat(verify(key, outside)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(status(key)).isEqualTo(ApiKey.Status.EXPIRED);

        service.keys().revoke(ref(key), ACTOR, "left the company");
        assertThat(verify(key, outside)).isEqualTo(rejected(Rejection.REVOKED));
        assertThat(status(key)).isEqualTo(ApiKey.Status.REVOKED);
    }

    private Verification verify(IssuedKey key, ClientRequest from) {
        return service.keys().verify(key.token().reveal(), from);
    }

    private ApiKey.Status status(IssuedKey key) {
        return service.keys()
                .find(key.key().id())
                .orElseThrow()
                .status(service.clock().instant());
    }
}
