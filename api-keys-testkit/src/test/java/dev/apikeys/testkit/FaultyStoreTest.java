package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.ChangeFeed.Hint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final FaultyStore store = new FaultyStore();
    private final ChangeFeed feed = store.openChangeFeed(Duration.ofSeconds(10));

    @Test
    void awaitHint_storeThatIsCutOff_failsUntilItIsHealed() {
        store.hints(atMost -> Hint.ARRIVED);
        store.cutOff();
        assertThatThrownBy(() -> feed.awaitHint(WAIT)).isInstanceOf(StoreUnavailableException.class);

        store.heal();
        assertThat(feed.awaitHint(WAIT)).isEqualTo(Hint.UNSUPPORTED);
    }

    @Test
    void awaitHint_storeThatFails_throwsWhatTheTestWants() {
        IllegalStateException failure = new IllegalStateException("a driver's bug");
        store.failWith(failure);
        assertThatThrownBy(() -> feed.awaitHint(WAIT)).isSameAs(failure);

        store.heal();
        store.failBefore(StoreCall.AWAIT_HINT, failure);
        assertThatThrownBy(() -> feed.awaitHint(WAIT)).isSameAs(failure);
        assertThat(feed.read(null)).isNotNull();
    }

    @Test
    void awaitHint_eachCall_isCountedAmongThoseThatComeByThemselves() {
        assertThat(feed.awaitHint(WAIT)).isEqualTo(Hint.UNSUPPORTED);
        assertThat(feed.awaitHint(WAIT)).isEqualTo(Hint.UNSUPPORTED);

        assertThat(store.calls(StoreCall.AWAIT_HINT)).isEqualTo(2);
        assertThat(store.allCalls()).isZero();
    }

    @Test
    void awaitHint_gateThatIsClosed_holdsIt() {
        Gate gate = store.holdBefore(StoreCall.AWAIT_HINT);
        CompletableFuture<Hint> hint = CompletableFuture.supplyAsync(() -> feed.awaitHint(WAIT));
        gate.awaitReached();
        assertThat(hint).isNotDone();

        gate.open();
        assertThat(hint.join()).isEqualTo(Hint.UNSUPPORTED);
    }
}
