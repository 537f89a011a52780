package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.keys().issue(TestKeys.spec().expiresIn(Duration.ofDays(1)));
    private final Instant end = SettableClock.START.plus(Duration.ofDays(1));

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void key_isAcceptedUpToTheLastMillisecond_andNotAtItsEnd() {
        service.clock().advance(Duration.ofDays(1).minusMillis(1));
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        assertThat(issued.key().status(service.clock().instant())).isEqualTo(ApiKey.Status.ACTIVE);

        service.clock().advance(Duration.ofMillis(1));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(issued.key().status(service.clock().instant())).isEqualTo(ApiKey.Status.EXPIRED);
    }

    @Test
    void key_withinTheLastMillisecond_isAccepted() {
        service.clock().set(end.minusNanos(1));

        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void key_seenToBeOver_isNotRevivedByAClockSetBack() {
        service.clock().advance(Duration.ofDays(1));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));

        service.clock().set(SettableClock.START);

        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void key_whenTheClockRunsBackBeforeItsEnd_staysAccepted() {
        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        service.clock().set(SettableClock.START.minus(Duration.ofDays(1)));

        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void key_expired_stopsOnAColdNodeToo() {
        service.clock().set(end);
        try (TestKeys other = new TestKeys(service.memory(), service.clock(), settings -> {})) {
            assertThat(other.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
        }
    }
}
