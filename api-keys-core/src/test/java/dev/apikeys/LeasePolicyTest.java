package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeasePolicyTest {
    @Test
    void policy_byDefault_pollsEachQuarterSecondAndTrustsForOne() {
        LeasePolicy policy = LeasePolicy.DEFAULT;

        assertThat(policy.pollInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(policy.pollTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.trust()).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.grace()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.weakest()).isEqualTo(Freshness.WITHIN_GRACE);
        assertThat(policy.bound()).isEqualTo(Duration.ofSeconds(61));
        assertThat(policy.strict().bound()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.01S, PT0.01S, PT0.022S",
        "PT0.25S, PT0.2S, PT0.5S",
        "PT40M, PT12M, PT1H",
    })
    void timing_withinTheRules_isTaken(Duration poll, Duration timeout, Duration trust) {
        LeasePolicy policy = LeasePolicy.DEFAULT.strict().timing(poll, timeout, trust);

        assertThat(policy.pollInterval()).isEqualTo(poll);
        assertThat(policy.pollTimeout()).isEqualTo(timeout);
        assertThat(policy.trust()).isEqualTo(trust);
        assertThat(policy.weakest()).isEqualTo(Freshness.CONFIRMED);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.009S, PT0.2S, PT1S",
        "PT0.25S, PT0.009S, PT1S",
        "PT0S, PT0.2S, PT1S",
        "PT-1S, PT0.2S, PT1S",
        "PT0.25S, PT-1S, PT1S",
        "PT0.25S, PT0.2S, PT0.499999999S",
        "PT0.25S, PT0.2S, PT1H0.000000001S",
        "PT0.25S, PT0.2S, PT-1S",
        "PT2562047788015215H30M7S, PT0.2S, PT1S",
        "PT0.25S, PT2562047788015215H30M7S, PT1S",
    })
    void timing_thatWouldRunOutBetweenTwoPolls_isRefused(Duration poll, Duration timeout, Duration trust) {
        assertThatThrownBy(() -> LeasePolicy.DEFAULT.timing(poll, timeout, trust))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT24H"})
    void grace_ofUpToADay_isTaken(Duration grace) {
        LeasePolicy policy = LeasePolicy.DEFAULT.strict().balanced(grace);

        assertThat(policy.weakest()).isEqualTo(Freshness.WITHIN_GRACE);
        assertThat(policy.bound()).isEqualTo(policy.trust().plus(grace));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT24H0.000000001S"})
    void grace_negativeOrOverADay_isRefused(Duration grace) {
        assertThatThrownBy(() -> LeasePolicy.DEFAULT.balanced(grace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(grace.toString());
    }
}
