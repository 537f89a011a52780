package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.TestKeys;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the modes of personal keys mean: masks over what the owner may do now. */
class ModeMaskTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey read = service.keys().issue(TestKeys.spec().mode(Mode.READ));
    private final IssuedKey write = service.keys().issue(TestKeys.spec().mode(Mode.WRITE));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void readMode_isTheOwnersReading() {
        ownerMay("read:systems", "manage:systems", "destroy:systems", "impersonate:users", "config:alerts", "x:y");

        assertThat(effective(read)).isEqualTo("read:systems");
        assertThat(allows(read, "read:systems")).isTrue();
        assertThat(allows(read, "read:users", "read:*", "manage:systems", "x:y"))
                .isFalse();
    }

    @Test
    void writeMode_isTheOwnersReadingAndManaging() {
        ownerMay("read:systems", "manage:systems", "destroy:systems", "impersonate:users", "config:alerts", "x:y");

        assertThat(effective(write)).isEqualTo("manage:systems read:systems");
        assertThat(allows(write, "manage:users", "manage:*", "x:y")).isFalse();
    }

    @Test
    void noMode_everDestroysImpersonatesOrConfiguresAlerts() {
        ownerMay("*:*");

        for (IssuedKey key : List.of(read, write)) {
            assertThat(allows(key, "destroy:systems", "destroy:*", "impersonate:alice", "config:alerts", "*:*", "*:x"))
                    .isFalse();
        }
        assertThat(effective(read)).isEqualTo("read:*");
        assertThat(effective(write)).isEqualTo("manage:* read:*");
    }

    @Test
    void neverScopes_grantedByName_areRefusedAndNotEffective() {
        ScopePolicy lenient = new ScopePolicy(Scopes.ALL, Scopes.ALL, Scopes.NONE);
        try (TestKeys before = new TestKeys(settings -> settings.scopePolicy(lenient));
                TestKeys after = new TestKeys(before.memory(), before.clock(), settings -> {})) {
            IssuedKey issued = before.keys().issue(TestKeys.spec().scopes("*:*", "config:alerts", "destroy:x"));

            EffectiveScopes scopes = after.verify(issued).orElseThrow().scopes();

            assertThat(List.of("config:alerts", "destroy:x", "impersonate:x")).noneMatch(scopes::allows);
            assertThat(scopes.allows("config:other")).isTrue();
            assertThat(scopes.asScopes().toString()).isEqualTo("*:*");
        }
    }

    @Test
    void scopeThatTheOwnerLoses_isLostToTheKey_andComesBackWithIt() {
        ownerMay("read:systems", "read:users");
        assertThat(effective(read)).isEqualTo("read:systems read:users");

        ownerMay("read:users");
        assertThat(effective(read)).isEqualTo("read:users");

        ownerMay();
        assertThat(effective(read)).isEmpty();
        assertThat(service.verify(read)).isInstanceOf(Verification.Accepted.class);

        ownerMay("read:systems");
        assertThat(effective(read)).isEqualTo("read:systems");
    }

    @Test
    void suspendedOwner_stopsTheKeys_andComesBackWithThem() {
        service.owners().suspend(ALICE);
        service.keys().ownerChanged(ALICE);
        assertThat(service.verify(read)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));
        assertThat(service.verify(write)).isEqualTo(rejected(Rejection.OWNER_INACTIVE));

        ownerMay("read:*");
        assertThat(effective(read)).isEqualTo("read:*");
    }

    private void ownerMay(String... scopes) {
        service.owners().allow(ALICE, scopes);
        service.keys().ownerChanged(ALICE);
    }

    private String effective(IssuedKey key) {
        return service.verify(key).orElseThrow().scopes().toString();
    }

    private boolean allows(IssuedKey key, String... anyOf) {
        EffectiveScopes scopes = service.verify(key).orElseThrow().scopes();
        return List.of(anyOf).stream().anyMatch(scopes::allows);
    }
}
