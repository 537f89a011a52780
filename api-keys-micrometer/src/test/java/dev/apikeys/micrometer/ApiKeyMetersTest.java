package dev.apikeys.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceStats;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiKeyMetersTest {
    /** Trusted for longer than any test takes, also on a machine that does much else. */
    private static final LeasePolicy LONG =
            LeasePolicy.DEFAULT.timing(Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofMinutes(30));

    private final FaultyStore store = new FaultyStore();
    private final KeyService keys = KeyService.builder(store).lease(LONG).build();
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
    void expiringKeys_whileTheStoreFails_areNotANumber_andAreAskedForNoOftener() {
        new ApiKeyMeters(keys, nanos::get).bindTo(registry);
        issue("soon", 3);
        store.failBefore(StoreCall.LIST, new StoreUnavailableException("away"));

        assertThat(expiring()).isNaN();
        assertThat(expiring()).isNaN();
        assertThat(store.calls(StoreCall.LIST)).isEqualTo(1);

        store.failBefore(StoreCall.LIST, new Exception("not declared"));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(expiring()).isNaN();

        store.heal();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(expiring()).isEqualTo(1);
    }

    @Test
    void storeThatIsKnownToBeAway_isNotAskedByWhoReadsTheMeters() {
        FaultyStore away = new FaultyStore();
        away.cutOff();
        try (KeyService withoutStore = KeyService.builder(away).build()) {
            new ApiKeyMeters(withoutStore, nanos::get).bindTo(registry);

            assertThat(expiring()).isNaN();
            assertThat(away.calls(StoreCall.LIST)).isZero();
        }
    }

    @Test
    void meters_goOn_whenNobodyHoldsWhatBoundThem() {
        WeakReference<ApiKeyMeters> bound = bind();
        issue("soon", 3);
        for (int i = 0; i < 50 && bound.get() != null; i++) {
            System.gc();
        }

        assertThat(expiring()).isEqualTo(1);
        assertThat(counted("rejected", "malformed")).isZero();
    }

    private WeakReference<ApiKeyMeters> bind() {
        ApiKeyMeters meters = new ApiKeyMeters(keys);
        meters.bindTo(registry);
        return new WeakReference<>(meters);
    }

    @Test
    void everyCounterOfTheService_isAMeter() {
        Map<String, String> meters = new TreeMap<>();
        meters.put("accepted", "apikeys.verifications");
        meters.put("rejected", "apikeys.verifications");
        meters.put("cachedKeys", "apikeys.cache.size");
        meters.put("cacheHits", "apikeys.cache.hits");
        meters.put("leaseAge", "apikeys.lease.age");
        meters.put("lastPoll", "apikeys.lease.age");
        meters.put("loads", "apikeys.loads");
        meters.put("slowHashesWaiting", "apikeys.hashes.slow.waiting");
        meters.put("outdatedHashes", "apikeys.hashes.outdated");
        meters.put("rehashes", "apikeys.hashes.replaced");
        meters.put("usesWritten", "apikeys.usage.rows");
        meters.put("dropped", "apikeys.notes.dropped");
        meters.put("setAside", "apikeys.notes.set.aside");
        meters.put("failedFlushes", "apikeys.flushes.failed");
        meters.put("polls", "apikeys.polls");
        meters.put("failedPolls", "apikeys.polls");
        meters.put("rewinds", "apikeys.rewinds");
        meters.put("clockJumps", "apikeys.clock.jumps");
        meters.put("staleAccepts", "apikeys.verifications.stale");
        meters.put("mcpDenials", "apikeys.mcp.denials");
        new ApiKeyMeters(keys).bindTo(registry);

        assertThat(Arrays.stream(KeyServiceStats.class.getRecordComponents()).map(RecordComponent::getName))
                .containsExactlyInAnyOrderElementsOf(meters.keySet());
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsAll(meters.values());
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

    @Test
    void twoServicesOfOneRegistry_areToldApartByTags() {
        try (KeyService others = KeyService.builder(new FaultyStore()).build()) {
            new ApiKeyMeters(keys, Tags.of("keys", "customers")).bindTo(registry);
            new ApiKeyMeters(others, Tags.of("keys", "partners")).bindTo(registry);
            keys.verify("nonsense");
            others.verify("nonsense");
            others.verify("nonsense");

            assertThat(malformed("customers")).isEqualTo(1);
            assertThat(malformed("partners")).isEqualTo(2);
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getTag("keys"))
                    .containsOnly("customers", "partners");
        }
    }

    private double malformed(String service) {
        return registry.get("apikeys.verifications")
                .tags("keys", service, "reason", "malformed")
                .functionCounter()
                .count();
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
