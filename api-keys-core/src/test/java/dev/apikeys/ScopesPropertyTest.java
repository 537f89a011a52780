package dev.apikeys;

import static dev.apikeys.ScopeOracle.common;
import static dev.apikeys.ScopeOracle.meaning;
import static dev.apikeys.ScopeOracle.without;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The laws of scopes, against what they mean one permission at a time. */
class ScopesPropertyTest {
    private static final long SEED = 4_711L;
    private static final int ROUNDS = 3_000;

    private final ScopeOracle oracle = new ScopeOracle(SEED);

    @Test
    void covers_betweenAnyTwoScopes_meansContains() {
        for (Scope one : ScopeOracle.writable()) {
            for (Scope other : ScopeOracle.writable()) {
                assertThat(one.covers(other))
                        .as("%s covers %s", one, other)
                        .isEqualTo(meaning(one).containsAll(meaning(other)));
                assertThat(one.intersect(other).map(ScopeOracle::meaning).orElse(Set.of()))
                        .as("%s and %s", one, other)
                        .isEqualTo(common(meaning(one), meaning(other)));
            }
        }
    }

    @Test
    void sets_ofScopes_coverAndIntersectAsTheirMeaningsDo() {
        for (int round = 0; round < ROUNDS; round++) {
            Scopes one = oracle.anyScopes();
            Scopes other = oracle.anyScopes();
            Scope single = oracle.anyScope();
            String given = "seed " + SEED + ", round " + round + ": " + one + " | " + other + " | " + single;

            assertThat(one.covers(single)).as(given).isEqualTo(meaning(one).containsAll(meaning(single)));
            assertThat(one.covers(other)).as(given).isEqualTo(meaning(one).containsAll(meaning(other)));
            assertThat(meaning(one.intersect(other))).as(given).isEqualTo(common(meaning(one), meaning(other)));
            assertThat(one.intersect(other)).as(given).isEqualTo(other.intersect(one));
            assertThat(meaning(one.intersect(one))).as(given).isEqualTo(meaning(one));
            assertThat(one.covers(one.intersect(other))).as(given).isTrue();
            assertThat(one.intersect(Scopes.ALL)).as(given).isEqualTo(one);
            assertThat(one.intersect(Scopes.NONE)).as(given).isEqualTo(Scopes.NONE);
        }
    }

    @Test
    void effectiveScopes_areGrantAndOwnerLessTheForbidden() {
        for (int round = 0; round < ROUNDS; round++) {
            Scopes granted = oracle.anyScopes();
            Scopes ownerMay = oracle.anyScopes();
            Scopes never = oracle.anyScopes();
            EffectiveScopes effective = EffectiveScopes.of(granted, ownerMay, never);
            Set<Scope> right = without(common(meaning(granted), meaning(ownerMay)), meaning(never));
            String given =
                    "seed " + SEED + ", round " + round + ": " + granted + " | " + ownerMay + " | never " + never;

            for (Scope scope : ScopeOracle.world()) {
                assertThat(effective.allows(scope)).as("%s: %s", given, scope).isEqualTo(right.contains(scope));
                assertThat(effective.allows(scope.toString())).as(given).isEqualTo(right.contains(scope));
            }
            for (Scope scope : ScopeOracle.writable()) {
                assertThat(effective.allows(scope))
                        .as("%s: %s", given, scope)
                        .isEqualTo(right.containsAll(meaning(scope)));
            }
            assertThat(meaning(effective.asScopes())).as(given).containsAll(right);
        }
    }
}
