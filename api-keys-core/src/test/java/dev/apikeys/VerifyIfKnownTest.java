package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An answer from memory alone, for event loops. */
class VerifyIfKnownTest {
    private static final String UNKNOWN = "myk_" + "0".repeat(24) + "." + "0".repeat(48);

    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void keyThatIsNotInMemory_hasNoAnswer_andNobodyIsAsked() {
        service.store().forgetCalls();
        int askedBefore = service.owners().calls();

        assertThat(ask(issued)).isNull();
        assertThat(service.keys().verifyIfKnown(UNKNOWN, ClientRequest.NONE)).isNull();

        assertThat(service.store().allCalls()).isZero();
        assertThat(service.owners().calls()).isEqualTo(askedBefore);
    }

    @Test
    void keyInMemory_hasTheAnswerOfVerify() {
        Verification verified = service.verify(issued);
        service.keys().verify(UNKNOWN);
        service.store().forgetCalls();

        assertThat(ask(issued)).isEqualTo(verified);
        assertThat(service.keys().verifyIfKnown(wrongSecret(), ClientRequest.NONE))
                .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        assertThat(service.keys().verifyIfKnown(UNKNOWN, ClientRequest.NONE)).isEqualTo(rejected(Rejection.UNKNOWN));

        assertThat(service.store().allCalls()).isZero();
        service.keys().flush();
        assertThat(service.keys().stats().usesWritten()).isEqualTo(1);
    }

    /** A fast hash at rest is no reason to leave the answer to the blocking call. */
    @Test
    void keyInMemory_whoseSecretWasNeverRight_hasTheAnswerOfVerify() {
        service.verify(service.issue());
        service.keys().verify(wrongSecret());

        assertThat(ask(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void noToken_isRefusedWithoutMemory() {
        assertThat(service.keys().verifyIfKnown(null, ClientRequest.NONE)).isEqualTo(rejected(Rejection.MISSING));
        assertThat(service.keys().verifyIfKnown("nonsense", ClientRequest.NONE))
                .isEqualTo(rejected(Rejection.MALFORMED));
    }

    @Test
    void revokedKey_isForgottenThenRefused() {
        service.verify(issued);
        service.keys().revoke(ref(issued), ACTOR, "");

        assertThat(ask(issued)).isNull();
        service.verify(issued);
        assertThat(ask(issued)).isEqualTo(rejected(Rejection.REVOKED));
    }

    @Test
    void expiredKey_isRefused() {
        service.verify(issued);
        service.clock().advance(Duration.ofDays(91));

        // The lease ran out meanwhile; the blocking call renews it.
        assertThat(ask(issued)).isNull();
        service.verify(issued);

        assertThat(ask(issued)).isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void leaseThatRanOut_leavesTheAnswerToTheBlockingCall() {
        service.verify(issued);
        service.store().cutOff();
        service.clock().advance(Duration.ofSeconds(2));

        assertThat(ask(issued)).isNull();
    }

    @Test
    void ownerThatChanged_isAskedForByTheBlockingCall() {
        service.verify(issued);
        service.owners().suspend(ALICE);
        service.keys().ownerChanged(ALICE);

        assertThat(ask(issued)).isNull();
        service.verify(issued);
        assertThat(ask(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void use_thatMemoryAloneLetIn_isWritten() {
        service.verify(issued);
        service.keys().flush();
        service.clock().advance(Duration.ofMillis(500));

        assertThat(ask(issued)).isInstanceOf(Verification.Accepted.class);

        service.keys().flush();
        ApiKey stored = service.keys().find(issued.key().id()).orElseThrow();
        assertThat(Objects.requireNonNull(stored.lastUse()).at())
                .isEqualTo(service.clock().instant());
    }

    @Test
    void wrongSecret_thatMemoryAloneRejects_isAudited_andAnUnknownIdIsNot() {
        service.verify(issued);
        service.keys().verify(UNKNOWN);
        ask(wrongSecret());
        ask(UNKNOWN);

        service.keys().flush();

        assertThat(service.keys()
                        .audit(AuditFilter.everything().event(AuditEvent.AUTH_FAILED), PageRequest.first(10))
                        .items())
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.keyId()).isEqualTo(issued.key().id()));
    }

    @Test
    void importedKey_isKnownOnceItsSlowHashWasComputed() {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("acme_", '.'))
                .build();
        try (TestKeys other =
                new TestKeys(settings -> settings.tokenFormat(format).passwordHashing(new LengthHashing()))) {
            other.keys().importKey(TestKeys.spec(), ImportedToken.of("k1", "$6"));
            other.keys().verify("acme_k1.secrets");
            assertThat(other.keys().verifyIfKnown("acme_k1.secret", ClientRequest.NONE))
                    .isNull();

            Verification verified = other.keys().verify("acme_k1.secret");

            assertThat(verified).isInstanceOf(Verification.Accepted.class);
            assertThat(other.keys().verifyIfKnown("acme_k1.secret", ClientRequest.NONE))
                    .isEqualTo(verified);
            assertThat(other.keys().verifyIfKnown("acme_k1.secre", ClientRequest.NONE))
                    .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(other.keys().verifyIfKnown("acme_k2.secret", ClientRequest.NONE))
                    .isNull();
        }
    }

    private Verification ask(IssuedKey key) {
        return ask(key.token().reveal());
    }

    private Verification ask(String token) {
        return service.keys().verifyIfKnown(token, ClientRequest.NONE);
    }

    private String wrongSecret() {
        String token = issued.token().reveal();
        char last = token.charAt(token.length() - 1);
        return token.substring(0, token.length() - 1) + (last == '0' ? '1' : '0');
    }
}
