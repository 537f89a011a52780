package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateQuotaTest {
    @Test
    void quota_withoutBurst_hasThatOfOnePeriod() {
        assertThat(RateQuota.perSecond(50)).isEqualTo(new RateQuota(50, Duration.ofSeconds(1), 50));
        assertThat(RateQuota.perMinute(6)).isEqualTo(new RateQuota(6, Duration.ofMinutes(1), 6));
        assertThat(RateQuota.perSecond(50).burst(100)).isEqualTo(new RateQuota(50, Duration.ofSeconds(1), 100));
    }

    @Test
    void timeToFill_isRoundedUpToWholeSeconds() {
        assertThat(RateQuota.perSecond(50).burst(100).timeToFill()).isEqualTo(Duration.ofSeconds(2));
        assertThat(RateQuota.perSecond(50).burst(101).timeToFill()).isEqualTo(Duration.ofSeconds(3));
        assertThat(RateQuota.perSecond(50).burst(1).timeToFill()).isEqualTo(Duration.ofSeconds(1));
        assertThat(RateQuota.perMinute(7).burst(3).timeToFill()).isEqualTo(Duration.ofSeconds(26));
        assertThat(new RateQuota(1, Duration.ofDays(1), 1_000_000_000).timeToFill())
                .isEqualTo(Duration.ofDays(1_000_000_000));
    }

    @Test
    void quota_outOfRange_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateQuota.perSecond(0))
                .withMessage("requests must be 1 to 1000000000: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateQuota.perSecond(1_000_000_001))
                .withMessageContaining("requests");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateQuota.perSecond(1).burst(0))
                .withMessageContaining("burst");
        for (Duration wrong : new Duration[] {
            Duration.ZERO, Duration.ofMillis(1_500), Duration.ofDays(1).plusSeconds(1), Duration.ofSeconds(-1)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RateQuota(1, wrong, 1))
                    .withMessageContaining("period")
                    .withMessageContaining(wrong.toString());
        }
    }
}
