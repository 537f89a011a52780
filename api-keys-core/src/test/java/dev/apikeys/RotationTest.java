package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final Duration GRACE = Duration.ofHours(24);

    private final TestKeys service = new TestKeys();
    private final IssuedKey first = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void rotation_keepsTheKeyAndGivesItANewToken() {
        IssuedKey second = service.keys().rotate(ref(first), ACTOR);

        assertThat(second.key().id()).isEqualTo(first.key().id());
        assertThat(second.key().publicId()).isNotEqualTo(first.key().publicId());
        assertThat(second.token().reveal())
                .startsWith("myk_" + second.key().publicId() + ".")
                .isNotEqualTo(first.token().reveal());
        assertThat(second.key().version()).isEqualTo(2);
        assertThat(second.key().expiresAt()).isEqualTo(first.key().expiresAt());
        assertThat(second.key().grant()).isEqualTo(first.key().grant());
        assertThat(service.keys().find(first.key().id())).contains(second.key());
    }

    @Test
    void oldToken_worksUntilTheGraceEnds_andNotAtItsEnd() {
        service.verify(first);
        IssuedKey second = service.keys().rotate(ref(first), ACTOR);
        assertThat(service.verify(first).orElseThrow().expiresAt()).isEqualTo(SettableClock.START.plus(GRACE));
        assertThat(service.verify(second).orElseThrow().expiresAt())
                .isEqualTo(first.key().expiresAt());

        service.clock().advance(GRACE.minusMillis(1));
        assertThat(service.verify(first)).isInstanceOf(Verification.Accepted.class);

        service.clock().advance(Duration.ofMillis(1));
        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(second)).isInstanceOf(Verification.Accepted.class);

        service.clock().set(SettableClock.START);
        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void oldToken_withoutGrace_endsAtOnce() {
        service.verify(first);
        IssuedKey second = service.keys().rotate(ref(first), Duration.ZERO, ACTOR);

        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(second)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void secondRotation_endsTheOldestTokenAtOnce() {
        IssuedKey second = service.keys().rotate(ref(first), ACTOR);
        service.verify(first);
        service.verify(second);
        service.clock().advance(Duration.ofHours(1));

        IssuedKey third = service.keys().rotate(ref(first), ACTOR);

        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(second).orElseThrow().expiresAt())
                .isEqualTo(SettableClock.START.plus(GRACE).plus(Duration.ofHours(1)));
        assertThat(service.verify(third)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void grace_neverGoesPastTheExpiry() {
        IssuedKey shortLived = service.keys().issue(TestKeys.spec().expiresIn(Duration.ofHours(2)));
        IssuedKey second = service.keys().rotate(ref(shortLived), Duration.ofDays(7), ACTOR);

        assertThat(service.verify(shortLived).orElseThrow().expiresAt())
                .isEqualTo(SettableClock.START.plus(Duration.ofHours(2)));
        assertThat(service.memory()
                        .findCredential(shortLived.key().publicId())
                        .orElseThrow()
                        .validUntil())
                .isEqualTo(shortLived.key().expiresAt());
        service.clock().advance(Duration.ofHours(2));

        assertThat(service.verify(shortLived)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(second)).isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void key_revokedOrExpired_isNotRotated() {
        IssuedKey revoked = service.issue();
        service.keys().revoke(ref(revoked), ACTOR, "");
        assertThatThrownBy(() -> service.keys().rotate(ref(revoked), ACTOR))
                .isInstanceOfSatisfying(
                        InvalidKeyStateException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(ApiKey.Status.REVOKED))
                .hasMessageContaining(revoked.key().id().toString());

        service.clock().advance(Duration.ofDays(90));
        assertThatThrownBy(() -> service.keys().rotate(ref(first), ACTOR))
                .isInstanceOfSatisfying(
                        InvalidKeyStateException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(ApiKey.Status.EXPIRED));
        assertThat(service.keys().find(first.key().id())).contains(first.key());
    }

    @Test
    void key_ofASuspendedOwner_isNotRotated() {
        service.owners().suspend(ALICE);

        assertThatThrownBy(() -> service.keys().rotate(ref(first), ACTOR)).isInstanceOf(OwnerInactiveException.class);
        assertThat(service.store().calls(StoreCall.APPLY)).isZero();
    }

    @Test
    void pausedKey_whenRotated_staysPaused() {
        service.keys().pause(ref(first), ACTOR);
        IssuedKey second = service.keys().rotate(ref(first), ACTOR);

        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.PAUSED));
        assertThat(service.verify(second)).isEqualTo(rejected(Rejection.PAUSED));
    }

    @Test
    void revocation_endsBothTokens() {
        IssuedKey second = service.keys().rotate(ref(first), ACTOR);
        service.verify(first);
        service.verify(second);

        service.keys().revoke(ref(first), ACTOR, "");

        assertThat(service.verify(first)).isEqualTo(rejected(Rejection.REVOKED));
        assertThat(service.verify(second)).isEqualTo(rejected(Rejection.REVOKED));
    }

    @Test
    void tokenInGrace_doesNotCountAgainstTheLimit() {
        for (int i = 0; i < 4; i++) {
            service.issue();
        }
        service.keys().rotate(ref(first), ACTOR);

        assertThatThrownBy(service::issue).isInstanceOf(KeyLimitExceededException.class);
        service.keys().revoke(ref(first), ACTOR, "");
        assertThat(service.issue()).isNotNull();
    }

    @RepeatedTest(20)
    void rotations_atTheSameTime_haveExactlyOneSuccessor() throws Exception {
        int threads = 4;
        CyclicBarrier allHaveRead = new CyclicBarrier(threads);
        service.store().after(StoreCall.FIND, arguments -> {
            try {
                allHaveRead.await(10, TimeUnit.SECONDS);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });

        List<Race.Outcome<IssuedKey>> outcomes =
                Race.run(threads, () -> service.keys().rotate(ref(first), ACTOR));
        service.store().heal();

        assertThat(outcomes).filteredOn(Race.Outcome::succeeded).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allMatch(outcome -> outcome.failure() instanceof ConcurrentChangeException);
        IssuedKey successor = outcomes.stream()
                .filter(Race.Outcome::succeeded)
                .findFirst()
                .orElseThrow()
                .value();
        assertThat(service.verify(successor)).isInstanceOf(Verification.Accepted.class);
        assertThat(service.verify(first)).isInstanceOf(Verification.Accepted.class);
        assertThat(service.keys().find(first.key().id())).contains(successor.key());
    }
}
