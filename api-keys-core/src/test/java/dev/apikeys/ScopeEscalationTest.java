package dev.apikeys;

import static dev.apikeys.ScopeOracle.common;
import static dev.apikeys.ScopeOracle.meaning;
import static dev.apikeys.ScopeOracle.without;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threat T3: a key never allows more than the user who grants it. */
class ScopeEscalationTest {
    private static final long SEED = 815L;
    private static final Scopes NEVER = Scopes.of("destroy:*", "manage:alerts");

    private final ScopeOracle oracle = new ScopeOracle(SEED);
    private final TestKeys service = new TestKeys(settings ->
            settings.scopePolicy(new ScopePolicy(ScopePolicy.DEFAULT.read(), ScopePolicy.DEFAULT.write(), NEVER)));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void grant_beyondTheOwner_isRefusedTenThousandTimes() {
        IssuedKey existing = service.keys().issue(TestKeys.spec().mode(Mode.READ));
        service.store().forgetCalls();
        for (int round = 0; round < 10_000; round++) {
            Scopes ownerMay = oracle.anyScopes();
            service.owners().allow(ALICE, texts(ownerMay));
            Set<Scope> grantable = without(meaning(ownerMay), meaning(NEVER));
            Scopes wanted = tooMuch(grantable);
            String given = "seed " + SEED + ", round " + round + ": owner may " + ownerMay + ", wanted " + wanted;

            assertThatThrownBy(() -> service.keys().issue(TestKeys.spec().scopes(texts(wanted))))
                    .as(given)
                    .isInstanceOfSatisfying(
                            ScopeNotGrantableException.class,
                            refusal -> assertThat(refusal.refused().stream()
                                            .noneMatch(scope -> grantable.containsAll(meaning(scope))))
                                    .isTrue());
            assertThatThrownBy(() -> service.keys()
                            .update(TestKeys.ref(existing), KeyUpdate.nothing().scopes(wanted), TestKeys.ACTOR))
                    .as(given)
                    .isInstanceOf(ScopeNotGrantableException.class);
        }
        assertThat(service.store().calls(StoreCall.INSERT)).isZero();
        assertThat(service.store().calls(StoreCall.APPLY)).isZero();
    }

    @Test
    void grant_withinTheOwner_isNeverRefused() {
        service.owners().allow(ALICE, "read:*", "manage:systems", "manage:users");
        List<Scope> within = ScopeOracle.writable().stream()
                .filter(scope -> scope.verb().equals("read")
                        || scope.equals(Scope.parse("manage:systems"))
                        || scope.equals(Scope.parse("manage:users")))
                .toList();

        IssuedKey issued = service.keys().issue(TestKeys.spec().scopes(texts(Scopes.of(within))));

        assertThat(within)
                .allMatch(scope -> service.verify(issued).orElseThrow().scopes().allows(scope));
    }

    @Test
    void key_atEachVerification_reachesNoFurtherThanItsOwnerThen() {
        service.owners().allow(ALICE, "*:*");
        List<IssuedKey> issued = new ArrayList<>();
        issued.add(service.keys().issue(TestKeys.spec().mode(Mode.READ)));
        issued.add(service.keys().issue(TestKeys.spec().mode(Mode.WRITE)));
        issued.add(service.keys().issue(TestKeys.spec().scopes("read:*", "manage:users")));
        issued.add(service.keys().issue(TestKeys.spec().scopes("read:systems")));
        for (int round = 0; round < 500; round++) {
            Scopes ownerMay = oracle.anyScopes();
            service.owners().allow(ALICE, texts(ownerMay));
            service.keys().ownerChanged(ALICE);
            IssuedKey key = oracle.pick(issued);
            EffectiveScopes effective = service.verify(key).orElseThrow().scopes();
            Set<Scope> right = without(
                    common(meaning(ScopePolicy.DEFAULT.expand(key.key().grant())), meaning(ownerMay)), meaning(NEVER));

            assertThat(ScopeOracle.world().stream().filter(effective::allows).collect(Collectors.toSet()))
                    .as("seed %d, round %d: owner may %s", SEED, round, ownerMay)
                    .isEqualTo(right);
        }
    }

    /** Some scopes that are fine and at least one that is not. */
    private Scopes tooMuch(Set<Scope> grantable) {
        List<Scope> wanted = new ArrayList<>();
        oracle.anyScopes().forEach(wanted::add);
        List<Scope> beyond = ScopeOracle.writable().stream()
                .filter(scope -> !grantable.containsAll(meaning(scope)))
                .toList();
        wanted.add(oracle.pick(beyond));
        return Scopes.of(wanted);
    }

    private static String[] texts(Scopes scopes) {
        return scopes.stream().map(Scope::toString).toArray(String[]::new);
    }
}
