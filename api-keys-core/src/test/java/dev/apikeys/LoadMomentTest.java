package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an entry keeps of the moment when it was loaded is that moment. */
@Tag("tr-skip") // Numbers know no locale.
class LoadMomentTest {
    private static final Moment START = new Moment(-7_123_456_789L, 1_800_000_000_123L);
    private static final long YEAR = Duration.ofDays(365).toMillis();
    private static final long DAYS_24 = Duration.ofDays(24).toMillis();

    /** By how far the wall clock was set, or the machine slept, in milliseconds. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 999, 3_600_000, -3_600_000, 24 * 86_400_000L, -24 * 86_400_000L})
    void moment_isKept(long driftMillis) {
        for (long nanos : new long[] {START.nanos(), 0, 1, 999_999, 5_000_000_000L, YEAR * 1_000_000}) {
            Moment loaded = new Moment(nanos, START.wallMillis() + (nanos - START.nanos()) / 1_000_000 + driftMillis);
            assertThat(LoadMoment.of(loaded, START).since(START)).isEqualTo(loaded);
        }
    }

    /** Then elapsed time still counts. */
    @Test
    void wallClock_setByMoreThan24Days_countsAsSetBy24() {
        Moment early = new Moment(START.nanos(), START.wallMillis() - YEAR);
        Moment late = new Moment(START.nanos(), START.wallMillis() + YEAR);

        assertThat(LoadMoment.of(early, START).since(START).wallMillis() - START.wallMillis())
                .isBetween(-DAYS_24 - 86_400_000, -DAYS_24);
        assertThat(LoadMoment.of(late, START).since(START).wallMillis() - START.wallMillis())
                .isBetween(DAYS_24, DAYS_24 + 86_400_000);
        assertThat(LoadMoment.of(early, START).nanos()).isEqualTo(START.nanos());
    }
}
