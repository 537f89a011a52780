package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final Actor ADMIN = new Actor("admin", new ClientRequest("192.0.2.7", "DELETE", "/me/api-keys/1"));
    private static final ClientRequest STRANGER = new ClientRequest("198.51.100.9", "GET", "/orders");

    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void everyChange_leavesItsEntry() {
        service.keys().update(ref(issued), KeyUpdate.nothing().named("Billing"), ADMIN);
        service.keys().pause(ref(issued), ADMIN);
        service.keys().resume(ref(issued), ADMIN);
        service.keys().rotate(ref(issued), ADMIN);
        service.keys().revoke(ref(issued), ADMIN, "left the company");

        assertThat(trail())
                .extracting(AuditEntry::event, AuditEntry::reason, AuditEntry::keyName, AuditEntry::actor)
                .containsExactly(
                        tuple(AuditEvent.REVOKED, "left the company", "Billing", "admin"),
                        tuple(AuditEvent.ROTATED, "", "Billing", "admin"),
                        tuple(AuditEvent.UPDATED, "resumed", "Billing", "admin"),
                        tuple(AuditEvent.UPDATED, "paused", "Billing", "admin"),
                        tuple(AuditEvent.UPDATED, "", "Billing", "admin"),
                        tuple(AuditEvent.CREATED, "", "CRM", "alice"));
        assertThat(trail()).allSatisfy(entry -> {
            assertThat(entry.keyId()).isEqualTo(issued.key().id());
            assertThat(entry.owner()).isEqualTo(ALICE);
            assertThat(entry.kind()).isEqualTo(KeyKind.PERSONAL);
            assertThat(entry.keyMode()).isEqualTo(Mode.WRITE);
            assertThat(entry.at()).isEqualTo(SettableClock.START);
            assertThat(entry.id().version()).isEqualTo(7);
            assertThat(entry.id().variant()).isEqualTo(2);
        });
        assertThat(trail().get(0).request()).isEqualTo(ADMIN.request());
    }

    @Test
    void refusedTokens_leaveEntriesWithTheirReason() {
        IssuedKey limited =
                service.keys().issue(TestKeys.spec().scopes("read:x").allowedFrom("10.0.0.0/8"));
        refuse(wrongSecret(issued), Rejection.SECRET_MISMATCH);
        refuse(limited.token().reveal(), Rejection.IP_NOT_ALLOWED);
        service.owners().suspend(ALICE);
        refuse(issued.token().reveal(), Rejection.OWNER_INACTIVE);
        service.keys().pause(ref(issued), ADMIN);
        refuse(issued.token().reveal(), Rejection.PAUSED);
        service.clock().advance(Duration.ofDays(90));
        refuse(issued.token().reveal(), Rejection.EXPIRED);
        service.keys().revoke(ref(issued), ADMIN, "");
        refuse(issued.token().reveal(), Rejection.REVOKED);
        service.keys().flush();

        Page<AuditEntry> failures =
                service.keys().audit(AuditFilter.everything().event(AuditEvent.AUTH_FAILED), PageRequest.first(10));
        assertThat(failures.items())
                .extracting(entry -> entry.rejection().orElseThrow())
                .containsExactly(
                        Rejection.REVOKED,
                        Rejection.EXPIRED,
                        Rejection.PAUSED,
                        Rejection.OWNER_INACTIVE,
                        Rejection.IP_NOT_ALLOWED,
                        Rejection.SECRET_MISMATCH);
        assertThat(failures.items()).allSatisfy(entry -> {
            assertThat(entry.actor()).isEqualTo("alice");
            assertThat(entry.request()).isEqualTo(STRANGER);
        });
        assertThat(failures.items().get(4).keyMode()).isNull();
    }

    @Test
    void tokensOfNoKey_leaveNoEntry() {
        service.keys().verify(null);
        service.keys().verify("nonsense");
        service.keys().verify("myk_" + "0".repeat(24) + "." + "0".repeat(48));
        service.keys().flush();

        assertThat(service.store().calls(StoreCall.APPEND_AUDIT)).isZero();
    }

    @Test
    void refusals_areCappedPerKeyAndMinute() {
        IssuedKey other = service.issue();
        for (int i = 0; i < 1_000; i++) {
            refuse(wrongSecret(issued), Rejection.SECRET_MISMATCH);
        }
        refuse(wrongSecret(other), Rejection.SECRET_MISMATCH);
        service.keys().flush();
        assertThat(failuresOf(issued)).isEqualTo(5);
        assertThat(failuresOf(other)).isEqualTo(1);

        service.clock().advance(Duration.ofMinutes(1));
        for (int i = 0; i < 1_000; i++) {
            refuse(wrongSecret(issued), Rejection.SECRET_MISMATCH);
        }
        service.keys().flush();
        assertThat(failuresOf(issued)).isEqualTo(10);
        assertThat(service.keys().stats().dropped()).isZero();
    }

    @Test
    void refusals_whileTheStoreIsAway_areKept_andBounded() {
        KeyPolicy many = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, 1_000);
        try (TestKeys large = new TestKeys(settings -> settings.policy(many))) {
            for (int i = 0; i < 300; i++) {
                IssuedKey key = large.keys()
                        .issue(KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ));
                for (int j = 0; j < 6; j++) {
                    large.keys().verify(wrongSecret(key));
                }
                if (i == 0) {
                    large.store().before(StoreCall.APPEND_AUDIT, arguments -> {
                        throw new StoreUnavailableException("down");
                    });
                    assertThatThrownBy(large.keys()::flush).isInstanceOf(StoreUnavailableException.class);
                }
            }
            assertThatThrownBy(large.keys()::flush).isInstanceOf(StoreUnavailableException.class);
            large.store().heal();
            large.keys().flush();

            AuditFilter failures = AuditFilter.everything().event(AuditEvent.AUTH_FAILED);
            assertThat(large.keys().audit(failures, PageRequest.first(1)).total())
                    .isEqualTo(1_000);
            assertThat(large.keys().stats().dropped()).isEqualTo(500);
        }
    }

    @Test
    void filters_showWhatTheyName() {
        IssuedKey bob = service.keys()
                .issue(KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.READ));
        service.keys().revoke(ref(bob), ADMIN, "");

        assertThat(total(AuditFilter.everything())).isEqualTo(3);
        assertThat(total(AuditFilter.ownedBy(KeyKind.PERSONAL, ALICE))).isEqualTo(1);
        assertThat(total(AuditFilter.ownedBy(KeyKind.WORKSPACE, ALICE))).isZero();
        assertThat(total(AuditFilter.everything().event(AuditEvent.REVOKED))).isEqualTo(1);
        assertThat(total(AuditFilter.everything().key(bob.key().id()))).isEqualTo(2);
        assertThat(total(AuditFilter.ownedBy(KeyKind.PERSONAL, ALICE)
                        .key(bob.key().id())))
                .isZero();
    }

    @Test
    void entries_ofOneMillisecond_keepTheirOrder_andPageWhole() {
        for (int i = 0; i < 50; i++) {
            service.keys().update(ref(issued), KeyUpdate.nothing().named("name " + i), ADMIN);
        }

        List<String> names = trail().stream().map(AuditEntry::keyName).toList();

        assertThat(names).startsWith("name 49", "name 48", "name 47").endsWith("name 1", "name 0", "CRM");
        assertThat(new HashSet<>(names)).hasSize(51);
        assertThat(service.keys()
                        .audit(AuditFilter.everything(), PageRequest.page(3, 20))
                        .items())
                .extracting(AuditEntry::keyName)
                .startsWith("name 9")
                .hasSize(11);
    }

    @Test
    void entries_keepTheirOrder_whenTheClockIsSetBack() {
        service.keys().pause(ref(issued), ADMIN);
        AuditEntry before = trail().get(0);
        service.clock().set(SettableClock.START.minus(Duration.ofHours(1)));
        service.keys().resume(ref(issued), ADMIN);

        AuditEntry after = trail().stream()
                .filter(entry -> entry.reason().equals("resumed"))
                .findFirst()
                .orElseThrow();
        assertThat(after.id().toString()).isGreaterThan(before.id().toString());
    }

    private void refuse(String token, Rejection reason) {
        assertThat(service.keys().verify(token, STRANGER)).isEqualTo(rejected(reason));
    }

    private static String wrongSecret(IssuedKey key) {
        return key.token().reveal().substring(0, 29) + "0".repeat(48);
    }

    private long failuresOf(IssuedKey key) {
        return total(AuditFilter.everything()
                .event(AuditEvent.AUTH_FAILED)
                .key(key.key().id()));
    }

    private long total(AuditFilter filter) {
        return service.keys().audit(filter, PageRequest.first(1)).total();
    }

    private List<AuditEntry> trail() {
        return service.keys()
                .audit(AuditFilter.everything(), PageRequest.first(100))
                .items();
    }
}
