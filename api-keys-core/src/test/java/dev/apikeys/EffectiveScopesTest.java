package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffectiveScopesTest {
    private static EffectiveScopes of(String granted, String never) {
        return EffectiveScopes.of(Scopes.of(granted), Scopes.ALL, Scopes.of(never));
    }

    @Test
    void scopes_areEqualIfTheyAllowTheSameAndRefuseTheSame() {
        EffectiveScopes scopes = of("read:*", "destroy:*");
        assertThat(scopes)
                .isEqualTo(of("read:*", "destroy:*"))
                .hasSameHashCodeAs(of("read:*", "destroy:*"))
                .isNotEqualTo(of("read:systems", "destroy:*"))
                .isNotEqualTo(of("read:*", "impersonate:*"))
                .isNotEqualTo("read:*");
    }
}
