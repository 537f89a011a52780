package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heat is the logarithm of the number of uses, of which older ones count less. */
@Tag("tr-skip") // Numbers know no locale.
class HeatTest {
    private static final int HALF_LIFE = 256;

    private static int used(int uses, int now) {
        int heat = now;
        for (int i = 1; i < uses; i++) {
            heat = Heat.afterUse(heat, now);
        }
        return heat;
    }

    /** Within a quarter of a doubling. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 256", "4, 512", "16, 1024", "64, 1536", "256, 2048"})
    void uses_atOnce_countByTheirLogarithm(int uses, int expected) {
        assertThat(used(uses, 0)).isBetween(expected - HALF_LIFE / 4, expected + HALF_LIFE / 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_000, Integer.MAX_VALUE - 100, Integer.MIN_VALUE})
    void halfALifeLater_aUseCountsTwice_whateverTheTime(int now) {
        int sixteenBefore = used(16, now);
        assertThat(used(9, now + HALF_LIFE) - sixteenBefore).isPositive();
        assertThat(used(7, now + HALF_LIFE) - sixteenBefore).isNegative();
    }

    @Test
    void manyUses_haveABound_soThatNothingStaysForEver() {
        int most = used(1_000_000, 0);
        assertThat(most).isBetween(9 * HALF_LIFE, 10 * HALF_LIFE + HALF_LIFE / 4);
        assertThat(Heat.afterUse(most, 0)).isEqualTo(most);
    }

    @Test
    void use_longAfterTheOthers_countsAlone() {
        assertThat(Heat.afterUse(used(100, 0), 100 * HALF_LIFE)).isEqualTo(100 * HALF_LIFE);
    }

    @Test
    void time_goesOnWithElapsedTime_andWithKeysThatAreAdded() {
        assertThat(Heat.now(0, Heat.turnover(8_000, 1_000)) - Heat.now(0, 0)).isEqualTo(HALF_LIFE);
        assertThat(Heat.now(1L << 42, 0) - Heat.now(0, 0)).isEqualTo(HALF_LIFE);
        assertThat(Heat.turnover(100_000_000L * 100, 100_000_000)).isEqualTo(100 * HALF_LIFE / 8);
    }
}
