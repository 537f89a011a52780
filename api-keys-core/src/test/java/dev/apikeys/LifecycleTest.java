package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pause, resume, revoke, and who may do it. */
class LifecycleTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void pausedKey_isRefusedAtOnce_andAcceptedAgainAfterResume() {
        service.verify(issued);

        ApiKey paused = service.keys().pause(ref(issued), ACTOR);
        assertThat(paused.pausedAt()).isEqualTo(SettableClock.START);
        assertThat(paused.status(SettableClock.START)).isEqualTo(ApiKey.Status.PAUSED);
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.PAUSED));

        ApiKey resumed = service.keys().resume(ref(issued), ACTOR);
        assertThat(resumed.pausedAt()).isNull();
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void pauseAndResume_whenAlreadySo_changeNothing() {
        assertThat(service.keys().resume(ref(issued), ACTOR)).isEqualTo(issued.key());
        ApiKey paused = service.keys().pause(ref(issued), ACTOR);
        service.clock().advance(Duration.ofMinutes(1));

        assertThat(service.keys().pause(ref(issued), ACTOR)).isEqualTo(paused);
        assertThat(service.store().calls(StoreCall.APPLY)).isEqualTo(1);
        assertThat(service.keys()
                        .audit(AuditFilter.everything(), PageRequest.first(10))
                        .total())
                .isEqualTo(2);
    }

    @Test
    void pausedKey_countsAgainstTheLimit() {
        service.keys().pause(ref(issued), ACTOR);
        for (int i = 0; i < 4; i++) {
            service.issue();
        }

        assertThatThrownBy(service::issue).isInstanceOf(KeyLimitExceededException.class);
    }

    @Test
    void revokedKey_isRefusedAtOnce_withActorReasonAndTime() {
        service.verify(issued);

        ApiKey revoked = service.keys()
                .revoke(ref(issued), Actor.of("admin"), "left the company")
                .key();

        assertThat(revoked.revocation()).isEqualTo(new Revocation(SettableClock.START, "admin", "left the company"));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.REVOKED));
        assertThat(service.keys().find(issued.key().id())).contains(revoked);
    }

    @Test
    void revocation_isForGood() {
        ApiKey revoked = service.keys().revoke(ref(issued), ACTOR, "").key();
        List<Consumer<KeyRef>> steps = List.of(
                key -> service.keys().revoke(key, ACTOR, "again"),
                key -> service.keys().pause(key, ACTOR),
                key -> service.keys().resume(key, ACTOR),
                key -> service.keys().rotate(key, ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing().named("other"), ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing(), ACTOR));

        for (Consumer<KeyRef> step : steps) {
            assertThatThrownBy(() -> step.accept(ref(issued)))
                    .isInstanceOfSatisfying(
                            InvalidKeyStateException.class,
                            refusal -> assertThat(refusal.status()).isEqualTo(ApiKey.Status.REVOKED));
        }
        assertThat(service.keys().find(issued.key().id())).contains(revoked);
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.REVOKED));
    }

    @Test
    void expiredKey_canOnlyBeRevoked() {
        service.clock().advance(Duration.ofDays(90));
        List<Consumer<KeyRef>> steps = List.of(
                key -> service.keys().pause(key, ACTOR),
                key -> service.keys().resume(key, ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing().named("other"), ACTOR));

        for (Consumer<KeyRef> step : steps) {
            assertThatThrownBy(() -> step.accept(ref(issued)))
                    .isInstanceOfSatisfying(
                            InvalidKeyStateException.class,
                            refusal -> assertThat(refusal.status()).isEqualTo(ApiKey.Status.EXPIRED));
        }
        assertThat(service.keys().revoke(ref(issued), ACTOR, "").key().revocation())
                .isNotNull();
    }

    @Test
    void foreignReference_isUnknown_likeAnIdThatWasNeverIssued() {
        UUID id = issued.key().id();
        List<KeyRef> foreign = List.of(
                KeyRef.ownedBy(id, KeyKind.PERSONAL, Owner.user("bob", "org_1")),
                KeyRef.ownedBy(id, KeyKind.PERSONAL, Owner.user("alice", "org_2")),
                KeyRef.ownedBy(id, KeyKind.PERSONAL, Owner.user("alice")),
                KeyRef.ownedBy(id, KeyKind.WORKSPACE, ALICE),
                new KeyRef(id, KeyFilter.everything().organization("org_2")),
                new KeyRef(id, KeyFilter.everything().kind(KeyKind.ORGANIZATION)),
                KeyRef.of(new UUID(id.getMostSignificantBits(), ~id.getLeastSignificantBits())));

        for (KeyRef key : foreign) {
            assertThat(service.keys().find(key)).isEmpty();
            for (Consumer<KeyRef> step : steps()) {
                assertThatThrownBy(() -> step.accept(key))
                        .isInstanceOf(KeyNotFoundException.class)
                        .hasMessage("no key " + key.id());
            }
        }
        assertThat(service.keys().find(KeyRef.ownedBy(id, KeyKind.PERSONAL, ALICE)))
                .contains(issued.key());
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void change_underAConcurrentOne_isDecidedAnewOnTheNewRecord() {
        int[] interfered = {0};
        service.store().before(StoreCall.APPLY, arguments -> {
            if (interfered[0]++ == 0) {
                service.keys().pause(ref(issued), Actor.of("bob"));
            }
        });

        ApiKey revoked = service.keys().revoke(ref(issued), ACTOR, "").key();

        assertThat(revoked.pausedAt()).isNotNull();
        assertThat(revoked.version()).isEqualTo(3);
    }

    @Test
    void change_thatOthersOutrunEachTime_givesUpAndSaysSo() {
        boolean[] interfering = {false};
        service.store().before(StoreCall.APPLY, arguments -> {
            if (!interfering[0]) {
                interfering[0] = true;
                service.keys()
                        .update(
                                ref(issued),
                                KeyUpdate.nothing()
                                        .named("name " + service.store().allCalls()),
                                Actor.of("bob"));
                interfering[0] = false;
            }
        });

        assertThatThrownBy(() -> service.keys().pause(ref(issued), ACTOR))
                .isInstanceOf(ConcurrentChangeException.class)
                .hasMessageContaining(issued.key().id().toString());
        assertThat(service.keys().find(issued.key().id()).orElseThrow().pausedAt())
                .isNull();
    }

    @Test
    void revocation_outrunAgainAndAgain_isCarriedOut() {
        int[] interfered = {0};
        boolean[] interfering = {false};
        service.store().before(StoreCall.APPLY, arguments -> {
            if (!interfering[0] && interfered[0] < 50) {
                interfering[0] = true;
                service.keys()
                        .update(ref(issued), KeyUpdate.nothing().named("name " + interfered[0]++), Actor.of("bob"));
                interfering[0] = false;
            }
        });

        service.keys().revoke(ref(issued), ACTOR, "");

        assertThat(interfered[0]).isEqualTo(50);
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.REVOKED));
    }

    private List<Consumer<KeyRef>> steps() {
        return List.of(
                key -> service.keys().revoke(key, ACTOR, ""),
                key -> service.keys().pause(key, ACTOR),
                key -> service.keys().resume(key, ACTOR),
                key -> service.keys().rotate(key, ACTOR),
                key -> service.keys().update(key, KeyUpdate.nothing().named("other"), ACTOR));
    }
}
