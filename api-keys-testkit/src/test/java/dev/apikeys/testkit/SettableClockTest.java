package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SettableClockTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

    @Test
    void withZone_clockThatMovesLater_showsItsTime() {
        SettableClock clock = new SettableClock();
        Clock inVienna = clock.withZone(VIENNA);
        Clock again = inVienna.withZone(ZoneOffset.ofHours(-5));

        clock.advance(Duration.ofDays(1));
        assertThat(inVienna.instant()).isEqualTo(clock.instant());
        clock.set(Instant.EPOCH);
        assertThat(inVienna.instant()).isEqualTo(Instant.EPOCH);
        assertThat(again.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void withZone_zone_isTheOneThatWasGiven() {
        SettableClock clock = new SettableClock();

        assertThat(clock.withZone(VIENNA).getZone()).isEqualTo(VIENNA);
        assertThat(clock.withZone(VIENNA).withZone(ZoneOffset.UTC).getZone()).isEqualTo(ZoneOffset.UTC);
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }
}
