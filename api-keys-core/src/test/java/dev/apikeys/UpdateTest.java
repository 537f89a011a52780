package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.keys()
            .issue(TestKeys.spec().scopes("read:systems", "read:users").allowedFrom("10.0.0.0/8"));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void update_changesWhatItNames_andLeavesTheRest() {
        ApiKey renamed = update(KeyUpdate.nothing().named(" Billing "));
        assertThat(renamed.name()).isEqualTo("Billing");
        assertThat(renamed.grant()).isEqualTo(issued.key().grant());
        assertThat(renamed.allowedFrom()).isEqualTo(issued.key().allowedFrom());
        assertThat(renamed.version()).isEqualTo(2);

        ApiKey opened = update(KeyUpdate.nothing().allowedFromEverywhere());
        assertThat(opened.allowedFrom()).isEmpty();
        assertThat(opened.name()).isEqualTo("Billing");

        ApiKey regranted = update(KeyUpdate.nothing().mode(Mode.READ));
        assertThat(regranted.grant()).isEqualTo(Grant.of(Mode.READ));
        assertThat(service.keys().find(issued.key().id())).contains(regranted);
    }

    @Test
    void update_thatChangesNothing_isNoChange() {
        assertThat(update(KeyUpdate.nothing())).isEqualTo(issued.key());
        assertThat(update(KeyUpdate.nothing().named("CRM").allowedFrom("10.0.0.0/8")))
                .isEqualTo(issued.key());
        assertThat(service.store().calls(StoreCall.APPLY)).isZero();
    }

    @Test
    void narrowing_holdsForTheVeryNextVerification() {
        assertThat(scopes()).isEqualTo("read:systems read:users");

        update(KeyUpdate.nothing().scopes(Scopes.of("read:users")));

        assertThat(scopes()).isEqualTo("read:users");
    }

    @Test
    void addresses_narrowed_holdForTheVeryNextVerification() {
        assertThat(verifyFrom("10.1.1.1")).isInstanceOf(Verification.Accepted.class);

        update(KeyUpdate.nothing().allowedFrom("10.2.0.0/16"));

        assertThat(verifyFrom("10.1.1.1")).isEqualTo(TestKeys.rejected(Rejection.IP_NOT_ALLOWED));
    }

    @Test
    void widening_isCheckedAgainstTheDirectoryNow() {
        scopes();
        service.owners().allow(ALICE, "read:systems", "read:users");

        assertThatThrownBy(() -> update(KeyUpdate.nothing().scopes(Scopes.of("read:users", "manage:users"))))
                .isInstanceOfSatisfying(
                        ScopeNotGrantableException.class,
                        refusal -> assertThat(refusal.refused()).isEqualTo(Scopes.of("manage:users")));
        assertThat(service.keys().find(issued.key().id())).contains(issued.key());

        service.owners().allow(ALICE, "*:users");
        assertThat(update(KeyUpdate.nothing().scopes(Scopes.of("manage:users"))).grant())
                .isEqualTo(Grant.of(Scopes.of("manage:users")));
    }

    @Test
    void grant_ofASuspendedOwnersKey_isNotChanged() {
        service.owners().suspend(ALICE);

        assertThatThrownBy(() -> update(KeyUpdate.nothing().mode(Mode.WRITE)))
                .isInstanceOf(OwnerInactiveException.class);
        assertThat(update(KeyUpdate.nothing().named("other")).name()).isEqualTo("other");
    }

    @Test
    void values_thatAreWrong_areRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyUpdate.nothing().named("\u0000"))
                .withMessageContaining("control character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyUpdate.nothing().allowedFrom("300.0.0.1"))
                .withMessageContaining("300.0.0.1");
    }

    private ApiKey update(KeyUpdate update) {
        return service.keys().update(ref(issued), update, ACTOR);
    }

    private String scopes() {
        return verifyFrom("10.0.0.1").orElseThrow().scopes().toString();
    }

    private Verification verifyFrom(String address) {
        return service.keys().verify(issued.token().reveal(), ClientRequest.from(address));
    }

    @Test
    void update_widens_whenTheKeyCouldDoOrBeUsedForMore() {
        Instant end = SampleKey.NOW.plusSeconds(60);
        ApiKey limited = new SampleKey()
                .granting(Grant.of(Scopes.of("read:a", "read:b")))
                .allowedFrom("10.1.0.0/16")
                .expiresAt(end)
                .build();
        ApiKey unlimited = new SampleKey().expiresAt(null).build();

        assertThat(List.of(
                        KeyUpdate.nothing().scopes(Scopes.of("read:c")),
                        KeyUpdate.nothing().mode(Mode.READ),
                        KeyUpdate.nothing().allowedFrom("10.0.0.0/8"),
                        KeyUpdate.nothing().allowedFrom("10.1.2.3", "10.2.0.0"),
                        KeyUpdate.nothing().allowedFromEverywhere(),
                        KeyUpdate.nothing().expiresAt(end.plusMillis(1)),
                        KeyUpdate.nothing().mcp(policy -> McpPolicy.of(McpPreset.READ_ONLY)),
                        KeyUpdate.nothing().mcp(policy -> policy.permissions(List.of()))))
                .allMatch(update -> update.widens(limited, service.keys()::scopesOf));
        assertThat(List.of(
                        KeyUpdate.nothing().named("other"),
                        KeyUpdate.nothing().scopes(Scopes.of("read:b")),
                        KeyUpdate.nothing().allowedFrom("10.1.2.3", "10.1.4.0/24"),
                        KeyUpdate.nothing().expiresAt(end),
                        KeyUpdate.nothing().mcp(McpPolicy::pause)))
                .noneMatch(update -> update.widens(limited, service.keys()::scopesOf));
        assertThat(List.of(
                        KeyUpdate.nothing().allowedFrom("10.0.0.0/8"),
                        KeyUpdate.nothing().allowedFromEverywhere(),
                        KeyUpdate.nothing().expiresAt(end)))
                .noneMatch(update -> update.widens(unlimited, service.keys()::scopesOf));
    }
}
