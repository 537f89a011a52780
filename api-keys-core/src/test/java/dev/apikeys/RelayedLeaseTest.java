package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An answer with an age is trusted for so much less. */
class RelayedLeaseTest {
    private static final Duration AGE = Duration.ofMillis(300);

    private final SettableClock clock = new SettableClock();
    private final FaultyStore store = new FaultyStore();

    /** The store's feed, whose answers say that they are so old. */
    private record Aged(ChangeFeed feed, Duration age, Duration lag) implements ChangeFeed {
        @Override
        public ChangeBatch read(@Nullable FeedPosition last) {
            ChangeBatch batch = feed.read(last);
            return new ChangeBatch(batch.position(), batch.continuity(), batch.changes(), batch.storeTime(), age);
        }

        @Override
        public void close() {
            feed.close();
        }
    }

    private KeyService service(LeasePolicy policy, Duration age, Duration lag) {
        return KeyService.builder(store)
                .clock(clock)
                .ticker(clock.ticker())
                .lease(policy)
                .changes(timeout -> new Aged(store.openChangeFeed(timeout), age, lag))
                .build();
    }

    @Test
    void lease_endsEarlierByTheAgeOfTheAnswer() {
        try (KeyService keys = service(LeasePolicy.DEFAULT.strict(), AGE, AGE)) {
            IssuedKey issued =
                    keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
            String token = issued.token().reveal();
            assertThat(keys.verify(token)).isInstanceOf(Verification.Accepted.class);
            // The key itself was read from the store longer ago than the last answer of the relay.
            clock.advance(Duration.ofMillis(500));
            long polls = keys.stats().polls();
            await().until(() -> keys.stats().polls() >= polls + 2);
            store.failBefore(StoreCall.READ_FEED, new StoreUnavailableException("cut off"));

            Duration left = LeasePolicy.DEFAULT.trust().minus(AGE);
            clock.advance(left.minusMillis(2));
            assertThat(keys.verify(token)).isInstanceOf(Verification.Accepted.class);
            clock.advance(Duration.ofMillis(2));
            assertThatThrownBy(() -> keys.verify(token)).isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void health_countsTheAgeToo() {
        try (KeyService keys = service(LeasePolicy.DEFAULT, AGE, AGE)) {
            assertThat(keys.health().leaseAge()).isGreaterThanOrEqualTo(AGE);
        }
    }

    @Test
    void service_whoseTrustHasNoRoomForTheLag_isRefusedAtItsStart_andSaysWhatToDo() throws Exception {
        // 1.2 x 250 ms + 200 ms + the lag
        Duration most = Duration.ofMillis(500);
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        assertThatCode(() -> service(LeasePolicy.DEFAULT, Duration.ZERO, most).close())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> service(LeasePolicy.DEFAULT, Duration.ZERO, most.plusMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT1.001S")
                .hasMessageContaining("LeasePolicy.timing");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("api-keys-") && !before.contains(thread)) {
                // One that has done its work may not have ended yet.
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void service_thatStartsWhileTheRelayIsAway_comesUp() {
        store.cutOff();
        try (KeyService keys = service(LeasePolicy.DEFAULT, Duration.ZERO, Duration.ofMinutes(1))) {
            assertThat(keys.health().state()).isEqualTo(Freshness.LAPSED);
        }
    }

    @Test
    void batch_withANegativeAge_isRefused() {
        FeedPosition position = new FeedPosition("a", 1, 0);
        assertThatThrownBy(() -> new ChangeBatch(
                        position, ChangeBatch.Continuity.CONTINUOUS, List.of(), null, Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
