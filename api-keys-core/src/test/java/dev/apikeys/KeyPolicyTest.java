package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPolicyTest {
    @Test
    void policy_byDefault_isTheDocumentedOne() {
        assertThat(KeyPolicy.DEFAULT.defaultLifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(KeyPolicy.DEFAULT.maxLifetime()).isEqualTo(Duration.ofDays(365));
        assertThat(KeyPolicy.DEFAULT.rotationGrace()).isEqualTo(Duration.ofHours(24));
        assertThat(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL)).isEqualTo(5);
        assertThat(KeyPolicy.DEFAULT.maxActive(KeyKind.WORKSPACE)).isEqualTo(20);
        assertThat(KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION)).isEqualTo(100);
    }

    @Test
    void lifetime_impossible_isRefusedByItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPolicy.DEFAULT.lifetime(Duration.ZERO, Duration.ofDays(1)))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPolicy.DEFAULT.lifetime(Duration.ofDays(1), Duration.ofDays(-1)))
                .withMessageContaining("PT-24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPolicy.DEFAULT.lifetime(Duration.ofDays(2), Duration.ofDays(1)))
                .withMessageContaining("PT48H")
                .withMessageContaining("PT24H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT168H0.000000001S"})
    void grace_outOfRange_isRefusedByItsValue(Duration grace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPolicy.DEFAULT.rotationGrace(grace))
                .withMessageContaining(grace.toString());
        try (TestKeys service = new TestKeys()) {
            KeyRef ref = TestKeys.ref(service.issue());
            service.store().forgetCalls();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> service.keys().rotate(ref, grace, TestKeys.ACTOR))
                    .withMessageContaining(grace.toString());
            assertThat(service.store().allCalls()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 10_001})
    void limit_outOfRange_isRefusedByItsValue(int keys) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, keys))
                .withMessageContaining(": " + keys);
    }

    @Test
    void policy_changed_leavesTheFormerAsItWas() {
        KeyPolicy changed = KeyPolicy.DEFAULT
                .maxActive(KeyKind.PERSONAL, 7)
                .rotationGrace(Duration.ZERO)
                .lifetime(Duration.ofHours(1), Duration.ofHours(2));

        assertThat(changed.maxActive(KeyKind.PERSONAL)).isEqualTo(7);
        assertThat(changed.maxActive(KeyKind.WORKSPACE)).isEqualTo(20);
        assertThat(changed.rotationGrace()).isZero();
        assertThat(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL)).isEqualTo(5);
        assertThat(KeyPolicy.DEFAULT.rotationGrace()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void lifetime_ofHours_isNamedInHours() {
        KeyPolicy policy = KeyPolicy.DEFAULT.lifetime(Duration.ofHours(1), Duration.ofHours(12));
        try (TestKeys service = new TestKeys(settings -> settings.policy(policy))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> service.keys().issue(TestKeys.spec().expiresIn(Duration.ofHours(13))))
                    .withMessageContaining("PT12H");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.099S", "PT1H0.001S", "PT-1S"})
    void usageInterval_outOfRange_isRefusedByItsValue(Duration interval) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyService.builder(new InMemoryApiKeyStore()).usageInterval(interval))
                .withMessageContaining(interval.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.001S", "PT1H0.001S"})
    void ownerStateMaxAge_outOfRange_isRefusedByItsValue(Duration age) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyService.builder(new InMemoryApiKeyStore()).ownerStateMaxAge(age))
                .withMessageContaining(age.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_000_001})
    void cachedKeys_outOfRange_isRefusedByItsValue(int keys) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyService.builder(new InMemoryApiKeyStore()).cachedKeys(keys))
                .withMessageContaining(": " + keys);
    }
}
