package dev.apikeys.gateway;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.testkit.SamplePrincipal;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No answer may be kept longer than the node itself could give it. */
class CacheTimeTest {
    private final TestKeys service = new TestKeys(settings -> settings.lease(LeasePolicy.DEFAULT
            .timing(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(10))
            .balanced(Duration.ofMinutes(1))));
    private final KeyService keys = service.keys();

    @AfterEach
    void close() {
        service.close();
    }

    private long secondsFor(KeyPrincipal principal) {
        return CacheTime.before(keys, () -> 0).secondsFor(principal, keys);
    }

    @Test
    void time_isWhatIsLeftOfTheBound_inWholeSeconds() {
        KeyPrincipal principal = service.principal("read:systems");
        service.store().cutOff();

        assertThat(secondsFor(principal)).isEqualTo(10);
        service.clock().advance(Duration.ofMillis(3_001));
        assertThat(secondsFor(principal)).isEqualTo(6);
        service.clock().advance(Duration.ofMillis(6_500));
        assertThat(secondsFor(principal)).isZero();
        service.clock().advance(Duration.ofSeconds(30));
        assertThat(secondsFor(principal)).isZero();
    }

    @Test
    void time_runsWhileTheKeyIsVerified() {
        KeyPrincipal principal = service.principal("read:systems");
        service.store().cutOff();
        AtomicLong nanos = new AtomicLong();
        CacheTime time = CacheTime.before(keys, nanos::get);

        nanos.set(TimeUnit.MILLISECONDS.toNanos(2_500));
        assertThat(time.secondsFor(principal, keys)).isEqualTo(7);
        nanos.set(TimeUnit.SECONDS.toNanos(60));
        assertThat(time.secondsFor(principal, keys)).isZero();
    }

    /** There are more nanoseconds until then than a long can count. */
    @Test
    void keyThatEndsInTheLastYear_isNoReasonToFail() {
        KeyPrincipal principal = new SamplePrincipal()
                .expiresAt(Instant.parse("9999-12-31T23:59:59.999Z"))
                .build();
        service.store().cutOff();

        assertThat(secondsFor(principal)).isEqualTo(10);
    }

    /** A revocation that is confirmed between both must not be outlived. */
    @Test
    void confirmationAfterTheQuestion_prolongsNothing() {
        KeyPrincipal principal = service.principal("read:systems");
        service.store().cutOff();
        service.clock().advance(Duration.ofSeconds(4));
        CacheTime time = CacheTime.before(keys, () -> 0);

        service.store().heal();
        Awaitility.await().until(() -> keys.health().leaseAge().isZero());
        assertThat(time.secondsFor(principal, keys)).isEqualTo(6);
    }

    @Test
    void time_endsWithTheKey() {
        KeyPrincipal principal = service.principal(spec().expiresIn(Duration.ofSeconds(8)));
        service.store().cutOff();

        assertThat(secondsFor(principal)).isEqualTo(8);
        service.clock().advance(Duration.ofMillis(1_500));
        assertThat(secondsFor(principal)).isEqualTo(6);
    }

    @Test
    void withinGrace_nothingIsKept() {
        String token = service.token("read:systems");
        keys.verify(token);
        service.store().cutOff();
        service.clock().advance(Duration.ofSeconds(15));

        KeyPrincipal stale = keys.verify(token).orElseThrow();
        assertThat(stale.freshness()).isEqualTo(Freshness.WITHIN_GRACE);
        service.store().heal();
        assertThat(secondsFor(stale)).isZero();
    }

    @Test
    void zeroSeconds_isNoStore() {
        assertThat(CacheTime.header(0)).isEqualTo("no-store");
        assertThat(CacheTime.header(4)).isEqualTo("max-age=4");
    }
}
