package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a change of the owner reaches the owner's keys. */
class OwnerStateTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void suspension_told_holdsForTheVeryNextVerification() {
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);

        service.owners().suspend(ALICE);
        service.keys().ownerChanged(ALICE);
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));

        service.owners().allow(ALICE, "read:*");
        service.keys().ownerChanged(ALICE);
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void suspension_untold_holdsAfterTenSeconds() {
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        service.owners().suspend(ALICE);

        service.clock().advance(TEN_SECONDS.minusNanos(1));
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);

        service.clock().advance(Duration.ofNanos(1));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void suspension_isNotHeldUpByAClockSetBack() {
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        service.owners().suspend(ALICE);
        service.clock().advance(TEN_SECONDS);
        service.clock().set(SettableClock.START.minus(Duration.ofHours(1)));

        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void directory_isAskedOnceForAllKeysOfAnOwner() {
        List<IssuedKey> keys = List.of(service.issue(), service.issue(), issued);
        int before = service.owners().calls();

        keys.forEach(service::verify);
        keys.forEach(service::verify);

        assertThat(service.owners().calls()).isEqualTo(before + 1);
    }

    @Test
    void directory_isAskedAtEveryRequestWhereThatIsWanted() {
        try (TestKeys strict = new TestKeys(settings -> settings.ownerStateMaxAge(Duration.ZERO))) {
            IssuedKey key = strict.issue();
            assertThat(strict.verify(key)).isInstanceOf(Verification.Accepted.class);
            strict.owners().suspend(ALICE);

            assertThat(strict.verify(key)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        }
    }

    @Test
    void selector_reachesEveryOwnerThatItMeans_andNoOther() {
        IssuedKey elsewhere = service.keys()
                .issue(KeySpec.forUser("alice", "org_2").named("CRM").mode(Mode.READ));
        IssuedKey bob = service.keys()
                .issue(KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.READ));
        List<IssuedKey> all = List.of(issued, elsewhere, bob);
        all.forEach(service::verify);
        all.forEach(key -> service.owners().suspend(key.key().owner()));

        service.keys().ownerChanged(Owner.user("alice"));

        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        assertThat(service.verify(elsewhere)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        assertThat(service.verify(bob)).isInstanceOf(Verification.Accepted.class);

        service.keys().ownerChanged(Owner.organization("org_1"));
        assertThat(service.verify(bob)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void ownersOfOneName_areNotMixedUp() {
        IssuedKey elsewhere = service.keys()
                .issue(KeySpec.forUser("alice", "org_2").named("CRM").mode(Mode.READ));
        service.owners().suspend(ALICE);

        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        assertThat(service.verify(elsewhere)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void defaultDirectory_takesEverybodyForActive() {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            IssuedKey key = keys.issue(TestKeys.spec());

            assertThat(keys.verify(key.token().reveal()).orElseThrow().scopes()).hasToString("manage:* read:*");
        }
    }
}
