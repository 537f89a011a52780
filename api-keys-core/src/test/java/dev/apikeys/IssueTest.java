package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IssueTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final TestKeys service = new TestKeys();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void key_afterIssue_isWhatTheSpecSaid() {
        Actor admin = new Actor("admin", new ClientRequest("192.0.2.7", "POST", "/me/api-keys"));

        ApiKey key = service.keys()
                .issue(KeySpec.forUser("alice", "org_1")
                        .named("  CRM  ")
                        .scopes("read:systems")
                        .allowedFrom("10.0.0.0/8")
                        .expiresIn(Duration.ofDays(7))
                        .createdBy(admin))
                .key();

        assertThat(key.kind()).isEqualTo(KeyKind.PERSONAL);
        assertThat(key.owner()).isEqualTo(ALICE);
        assertThat(key.name()).isEqualTo("CRM");
        assertThat(key.grant()).isEqualTo(Grant.of(Scopes.of("read:systems")));
        assertThat(key.allowedFrom()).containsExactly(IpRange.parse("10.0.0.0/8"));
        assertThat(key.createdAt()).isEqualTo(SettableClock.START);
        assertThat(key.createdBy()).isEqualTo("admin");
        assertThat(key.expiresAt()).isEqualTo(SettableClock.START.plus(Duration.ofDays(7)));
        assertThat(key.status(SettableClock.START)).isEqualTo(ApiKey.Status.ACTIVE);
        assertThat(key.lastUse()).isNull();
        assertThat(key.version()).isEqualTo(1);
        assertThat(service.keys().find(key.id())).contains(key);
    }

    @Test
    void key_byDefault_livesNinetyDaysAndIsCreatedByItsOwner() {
        ApiKey key = service.issue().key();

        assertThat(key.expiresAt()).isEqualTo(SettableClock.START.plus(Duration.ofDays(90)));
        assertThat(key.createdBy()).isEqualTo("alice");
        assertThat(key.allowedFrom()).isEmpty();
    }

    @Test
    void kinds_haveTheirOwners() {
        assertThat(KeySpec.forWorkspace("alice", "org_1", "ws_1").owner())
                .isEqualTo(new Owner("alice", "org_1", "ws_1"));
        assertThat(KeySpec.forUser("alice").owner()).isEqualTo(Owner.user("alice"));
        assertThat(KeySpec.forUser("alice").kind()).isEqualTo(KeyKind.PERSONAL);
        assertThat(KeySpec.forOrganization("org_1").owner()).isEqualTo(Owner.organization("org_1"));
        assertThat(KeySpec.forOrganization("org_1").creator().id()).isEqualTo("org_1");
    }

    @Test
    void keyWithoutScopes_isAccepted_andOpensNothing() {
        IssuedKey issued = service.keys().issue(TestKeys.spec().scopes());

        KeyPrincipal principal = service.keys().verify(issued.token().reveal()).orElseThrow();

        assertThat(principal.scopes().allows(Scope.parse("read:systems"))).isFalse();
    }

    static Stream<Arguments> wrongSpecs() {
        return Stream.of(
                wrong("needs a name", () -> KeySpec.forUser("alice", "org_1").mode(Mode.READ)),
                wrong("needs a grant", () -> KeySpec.forUser("alice", "org_1").named("CRM")),
                wrong("this one 0", () -> TestKeys.spec().named("")),
                wrong("this one 0", () -> TestKeys.spec().named(" \t\u2003")),
                wrong("this one 256", () -> TestKeys.spec().named("x".repeat(256))),
                wrong("PT0S", () -> TestKeys.spec().expiresIn(Duration.ZERO)),
                wrong("PT-1S", () -> TestKeys.spec().expiresIn(Duration.ofSeconds(-1))),
                wrong("365 days ahead: PT8760H0.001S", () -> TestKeys.spec().expiresIn(YEAR.plusMillis(1))),
                wrong("2026-02-03T09:42:17.123Z", () -> TestKeys.spec().expiresAt(SettableClock.START)),
                wrong("PT0.000999999S", () -> TestKeys.spec().expiresIn(Duration.ofNanos(999_999))),
                wrong("2026-02-03T09:42:17.122Z", () -> TestKeys.spec().expiresAt(SettableClock.START.minusMillis(1))),
                wrong("-1000000000-01-01T00:00:00Z", () -> TestKeys.spec().expiresAt(Instant.MIN)),
                wrong(
                        "+1000000000-12-31T23:59:59.999999999Z",
                        () -> TestKeys.spec().expiresAt(Instant.MAX)),
                wrong("365 days", () -> TestKeys.spec().expiresIn(Duration.ofSeconds(Long.MAX_VALUE))),
                wrong("365 days", () -> TestKeys.spec().expiresIn(Duration.ofDays(400_000_000_000L / 365))),
                wrong("PERSONAL must expire", () -> TestKeys.spec().neverExpires()),
                wrong(
                        "ORGANIZATION must expire",
                        () -> KeySpec.forOrganization("org_1")
                                .named("CI")
                                .mode(Mode.READ)
                                .neverExpires()),
                wrong("needs a user", () -> KeySpec.of(KeyKind.PERSONAL, Owner.organization("org_1"))),
                wrong("has no user", () -> KeySpec.of(KeyKind.ORGANIZATION, ALICE)),
                wrong("10.0.0.1/8", () -> TestKeys.spec().allowedFrom("10.0.0.1/8")),
                wrong("1 to 255", () -> KeySpec.forUser("x".repeat(256), "org_1")),
                wrong("1 to 255", () -> KeySpec.forUser("alice", " ")));
    }

    private static Arguments wrong(String named, Supplier<KeySpec> spec) {
        return Arguments.of(named, spec);
    }

    @ParameterizedTest
    @MethodSource("wrongSpecs")
    void wrongSpec_isRefusedByItsValue_andNothingIsWritten(String named, Supplier<KeySpec> spec) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service.keys().issue(spec.get()))
                .withMessageContaining(named);
        assertThat(service.store().allCalls()).isZero();
    }

    @Test
    void limits_ofNameAndLifetime_areInclusive() {
        String longest = "\ud83d\udd11".repeat(255);

        ApiKey key = service.keys()
                .issue(TestKeys.spec().named(longest).expiresIn(YEAR))
                .key();

        assertThat(key.name()).isEqualTo(longest);
        assertThat(key.expiresAt()).isEqualTo(SettableClock.START.plus(YEAR));
        assertThat(service.keys()
                        .issue(TestKeys.spec().expiresAt(SettableClock.START.plusMillis(1)))
                        .key()
                        .expiresAt())
                .isEqualTo(SettableClock.START.plusMillis(1));
    }

    @Test
    void organizationKey_whereThePolicyAllows_neverExpires() {
        KeyPolicy policy = KeyPolicy.DEFAULT.organizationKeysMayNeverExpire();
        try (TestKeys lenient = new TestKeys(settings -> settings.policy(policy))) {
            KeySpec spec = KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ);
            IssuedKey issued = lenient.keys().issue(spec.neverExpires());

            lenient.clock().advance(Duration.ofDays(36_500));

            assertThat(issued.key().expiresAt()).isNull();
            assertThat(lenient.verify(issued).orElseThrow().expiresAt()).isNull();
            assertThat(lenient.keys().issue(spec).key().expiresAt()).isNotNull();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lenient.keys().issue(TestKeys.spec().neverExpires()));
        }
    }

    @Test
    void owner_whoIsSuspended_getsNoKey() {
        service.owners().suspend(ALICE);

        assertThatThrownBy(service::issue).isInstanceOf(OwnerInactiveException.class);
        assertThat(service.store().allCalls()).isZero();
    }

    @Test
    void issue_asksTheDirectoryEachTime() {
        service.verify(service.issue());
        service.owners().suspend(ALICE);

        assertThatThrownBy(service::issue).isInstanceOf(OwnerInactiveException.class);
    }
}
