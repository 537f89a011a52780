package dev.apikeys.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiKeyMetersTest {
    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).build();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void close() {
        keys.close();
    }

    private IssuedKey issue(String name, int days) {
        return keys.issue(
                KeySpec.forUser("alice", "org_1").named(name).mode(Mode.READ).expiresIn(Duration.ofDays(days)));
    }

    @Test
    void verifications_areCountedByResultAndReason() {
        new ApiKeyMeters(keys).bindTo(registry);
        IssuedKey issued = issue("CRM", 30);
        keys.verify(issued.token().reveal());
        keys.verify(issued.token().reveal());
        keys.verify("nonsense");

        assertThat(counted("accepted", "none")).isEqualTo(2);
        assertThat(counted("rejected", "malformed")).isEqualTo(1);
        assertThat(counted("rejected", "revoked")).isZero();
        assertThat(registry.get("apikeys.cache.size").gauge().value()).isEqualTo(1);
        assertThat(registry.get("apikeys.cache.hits").functionCounter().count()).isEqualTo(1);
        assertThat(registry.get("apikeys.loads").functionCounter().count()).isEqualTo(1);
        assertThat(registry.get("apikeys.polls")
                        .tag("result", "ok")
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(registry.get("apikeys.lease.age").timeGauge().value()).isBetween(0.0, 60.0);
    }

    @Test
    void someVerifications_areTimed() {
        new ApiKeyMeters(keys).bindTo(registry);
        for (int i = 0; i < 10_000; i++) {
            keys.verify("nonsense");
        }

        assertThat(registry.get("apikeys.verification.time").timer().count()).isEqualTo(10_000 / 64);
    }

    @Test
    void expiringKeys_areAskedForOnceAMinute() {
        new ApiKeyMeters(keys, nanos::get).bindTo(registry);
        issue("soon", 3);
        issue("later", 30);
        assertThat(expiring()).isEqualTo(1);

        issue("soon too", 6);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(expiring()).isEqualTo(1);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(expiring()).isEqualTo(2);
    }

    @Test
    void tags_areFewAndHoldNothingOfAKey() {
        new ApiKeyMeters(keys).bindTo(registry);
        IssuedKey issued = issue("CRM", 30);
        keys.verify(issued.token().reveal());

        assertThat(registry.getMeters())
                .hasSizeLessThan(40)
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(id.getTags())
                        .extracting(Tag::getValue)
                        .doesNotContain(
                                issued.key().publicId(), issued.key().id().toString(), "alice"));
        assertThat(registry.find("apikeys.verifications").functionCounters()).hasSize(Rejection.values().length + 1);
    }

    private double counted(String result, String reason) {
        return registry.get("apikeys.verifications")
                .tag("result", result)
                .tag("reason", reason)
                .functionCounter()
                .count();
    }

    private double expiring() {
        return registry.get("apikeys.keys.expiring").gauge().value();
    }
}
