package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Freshness;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeySpec;
import dev.apikeys.Owner;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a host's own tests build of this library's values. */
class TestKeysTest {
    @Test
    void samplePrincipal_byDefault_isAliceWhoMayDoNothing() {
        KeyPrincipal principal = new SamplePrincipal().build();

        assertThat(principal.getName()).isEqualTo("alice");
        assertThat(principal.scopes()).isEmpty();
        assertThat(principal.freshness()).isEqualTo(Freshness.CONFIRMED);
        assertThat(principal.mcp()).isEqualTo(McpPolicy.DEFAULT);
        assertThat(principal.expiresAt()).isNull();
    }

    @Test
    void samplePrincipal_everyPart_isAsItWasSet() {
        McpPolicy reading = McpPolicy.of(McpPreset.READ_ONLY);
        KeyPrincipal principal = new SamplePrincipal()
                .of(KeyKind.ORGANIZATION, Owner.organization("org_1"))
                .named("billing")
                .scopes("read:systems", "destroy:systems")
                .mcp(reading)
                .expiresAt(Instant.EPOCH)
                .withinGrace()
                .build();

        assertThat(principal.kind()).isEqualTo(KeyKind.ORGANIZATION);
        assertThat(principal.getName()).isEqualTo("org_1");
        assertThat(principal.keyName()).isEqualTo("billing");
        assertThat(principal.scopes().allows("destroy:systems")).isTrue();
        assertThat(principal.scopes().allows("read:users")).isFalse();
        assertThat(principal.mcp()).isEqualTo(reading);
        assertThat(principal.expiresAt()).isEqualTo(Instant.EPOCH);
        assertThat(principal.freshness()).isEqualTo(Freshness.WITHIN_GRACE);
    }

    @Test
    void effective_wildcard_allowsAllThatItStandsFor() {
        assertThat(SamplePrincipal.effective("read:*").allows("read:systems")).isTrue();
        assertThat(SamplePrincipal.effective()).isEqualTo(SamplePrincipal.effective());
    }

    @Test
    void principal_ofAService_isTheOneOfItsSpec() {
        try (TestKeys keys = new TestKeys()) {
            KeyPrincipal alice = keys.principal("read:systems");
            KeyPrincipal organization = keys.principal(
                    KeySpec.forOrganization("org_2").named("billing").scopes("read:invoices"));

            assertThat(alice.owner()).isEqualTo(TestKeys.ALICE);
            assertThat(alice.scopes().allows("read:systems")).isTrue();
            assertThat(organization.owner()).isEqualTo(Owner.organization("org_2"));
            assertThat(organization.scopes().allows("read:invoices")).isTrue();
        }
    }
}
