package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatsTest {
    @Test
    void counters_countWhatHappened_andBeginAtZero() {
        try (TestKeys service = new TestKeys()) {
            KeyServiceStats before = service.keys().stats();
            assertThat(before.rejected())
                    .containsOnlyKeys(Arrays.asList(Rejection.values()))
                    .allSatisfy((reason, count) -> assertThat(count).isZero());
            assertThat(before.loads() + before.outdatedHashes() + before.rehashes() + before.usesWritten())
                    .isZero();

            IssuedKey issued = service.issue();
            service.keys().verify(null);
            service.keys().verify("nonsense");
            service.keys().verify("nonsense");
            service.verify(issued);
            service.verify(issued);
            service.keys().verify("myk_" + "0".repeat(24) + "." + "0".repeat(48));
            service.keys().flush();

            KeyServiceStats after = service.keys().stats();
            assertThat(after.rejected())
                    .containsEntry(Rejection.MISSING, 1L)
                    .containsEntry(Rejection.MALFORMED, 2L)
                    .containsEntry(Rejection.UNKNOWN, 1L)
                    .containsEntry(Rejection.REVOKED, 0L);
            assertThat(after.loads()).isEqualTo(2);
            assertThat(after.accepted()).isEqualTo(2);
            assertThat(after.cacheHits()).isEqualTo(1);
            assertThat(after.cachedKeys()).isEqualTo(1);
            assertThat(after.leaseAge()).isZero();
            assertThat(after.lastPoll()).isEqualTo(SettableClock.START);
            assertThat(after.usesWritten()).isEqualTo(1);
            assertThat(after.dropped()).isZero();
            assertThatThrownBy(() -> after.rejected().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void timer_getsTheTimeOfOneVerificationIn64_alsoOfOnesThatFail() {
        try (TestKeys service = new TestKeys()) {
            List<Long> timed = new ArrayList<>();
            verifyMadeUp(service, 128);
            service.store()
                    .before(
                            StoreCall.FIND_CREDENTIAL,
                            arguments -> service.clock().advance(Duration.ofMillis(7)));
            service.keys().timeVerifications(timed::add);

            verifyMadeUp(service, 63);
            assertThat(timed).isEmpty();
            verifyMadeUp(service, 65);
            assertThat(timed).containsExactly(7_000_000L, 7_000_000L);

            service.store().failBefore(StoreCall.FIND_CREDENTIAL, new StoreUnavailableException("cut off by the test"));
            for (int i = 0; i < 64; i++) {
                assertThatThrownBy(() -> verifyMadeUp(service, 1)).isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(timed).hasSize(3);
        }
    }

    private static void verifyMadeUp(TestKeys service, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(service.keys().verify("myk_" + SampleKey.randomPublicId() + "." + "0".repeat(48)))
                    .isEqualTo(new Verification.Rejected(Rejection.UNKNOWN));
        }
    }
}
