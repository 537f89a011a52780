package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.Owner;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.testkit.SamplePrincipal;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the page about tests shows. */
class GuideKitTest {
    @Test
    void testKeys_giveTokensAndPrincipals() {
        try (TestKeys keys = new TestKeys()) {
            // spotless:off
            // tag::test-keys[]
            String token = keys.token("read:systems"); // a valid token with this scope
            KeyPrincipal principal = keys.principal("read:systems"); // what a filter would make of such a token
            // end::test-keys[]
            // spotless:on
            assertThat(keys.keys().verify(token).orElseThrow().scopes().allows("read:systems"))
                    .isTrue();
            assertThat(principal.scopes().allows("manage:systems")).isFalse();
        }
    }

    @Test
    void samplePrincipal_needsNoService() {
        // spotless:off
        // tag::test-principal[]
        KeyPrincipal billing = new SamplePrincipal()
                .of(KeyKind.ORGANIZATION, Owner.organization("org_1"))
                .scopes("read:invoices")
                .build();
        // end::test-principal[]
        // spotless:on
        assertThat(billing.getName()).isEqualTo("org_1");
        assertThat(billing.scopes().allows("read:invoices")).isTrue();
    }

    @Test
    void clock_standsUntilItIsMoved() {
        try (TestKeys keys = new TestKeys()) {
            // spotless:off
            // tag::test-clock[]
            IssuedKey issued = keys.issue();
            keys.clock().advance(Duration.ofDays(91)); // a key lives for 90 days by default
            assertThat(keys.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.EXPIRED));
            // end::test-clock[]
            // spotless:on
        }
    }

    @Test
    void store_failsWhenToldTo() {
        try (TestKeys keys = new TestKeys()) {
            // spotless:off
            // tag::test-faults[]
            keys.store().failBefore(StoreCall.INSERT, new StoreUnavailableException("no connection"));
            assertThatThrownBy(keys::issue).isInstanceOf(StoreUnavailableException.class);
            keys.store().heal();
            assertThat(keys.issue()).isNotNull();
            // end::test-faults[]
            // spotless:on
        }
    }
}
