package dev.apikeys;

import dev.apikeys.testkit.SettableClock;

import static dev.apikeys.TestService.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private final TestService service = new TestService();
    private final IssuedKey issued = service.keys.issue(TestService.spec().expiresIn(Duration.ofDays(1)));
    private final Instant end = SettableClock.START.plus(Duration.ofDays(1));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void key_isAcceptedUpToTheLastMillisecond_andNotAtItsEnd() {
        service.time.advance(Duration.ofDays(1).minusMillis(1));
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        assertThat(issued.key().status(service.time.instant())).isEqualTo(KeyStatus.ACTIVE);

        service.time.advance(Duration.ofMillis(1));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(issued.key().status(service.time.instant())).isEqualTo(KeyStatus.EXPIRED);
    }

    @Test
    void key_withinTheLastMillisecond_isAccepted() {
        service.time.set(end.minusNanos(1));

        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void key_seenToBeOver_isNotRevivedByAClockSetBack() {
        service.time.advance(Duration.ofDays(1));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));

        service.time.set(SettableClock.START);

        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void key_whenTheClockRunsBackBeforeItsEnd_staysAccepted() {
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        service.time.set(SettableClock.START.minus(Duration.ofDays(1)));

        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void key_expired_stopsOnAColdNodeToo() {
        service.time.set(end);
        try (TestService other = new TestService(service.memory, service.time, settings -> {})) {
            assertThat(other.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        }
    }
}
