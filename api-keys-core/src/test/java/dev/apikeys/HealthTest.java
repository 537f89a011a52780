package dev.apikeys;

import static dev.apikeys.Cluster.BALANCED;
import static dev.apikeys.Cluster.BLINK;
import static dev.apikeys.Cluster.G;
import static dev.apikeys.Cluster.STRICT;
import static dev.apikeys.Cluster.Y;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a health check is told. */
class HealthTest {
    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void cutOff(Cluster.Node node) {
        node.faults().before(StoreCall.READ_FEED, arguments -> {
            throw new StoreUnavailableException("could not read", new ConnectException("to 10.0.0.1, secret"));
        });
        node.awaitFailedPoll();
    }

    @Test
    void service_whoseStoreAnswers_isConfirmed() {
        Cluster.Node node = cluster.node();
        assertThat(node.keys().health())
                .isEqualTo(new KeyServiceHealth(Freshness.CONFIRMED, Duration.ZERO, ClusterTime.START, null));
    }

    @Test
    void service_cutOff_isWithinItsGraceAndThenLapsed() {
        Cluster.Node node = cluster.node(BALANCED);
        cutOff(node);

        node.time().pass(Y);
        assertThat(node.keys().health().state()).isEqualTo(Freshness.CONFIRMED);
        node.time().pass(BLINK);
        assertThat(node.keys().health())
                .isEqualTo(new KeyServiceHealth(
                        Freshness.WITHIN_GRACE, Y.plus(BLINK), ClusterTime.START, ConnectException.class.getName()));
        node.time().pass(G);
        assertThat(node.keys().health().state()).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void strictService_cutOff_lapsesAfterY() {
        Cluster.Node node = cluster.node(STRICT);
        cutOff(node);
        node.time().pass(Y.plus(BLINK));
        assertThat(node.keys().health().state()).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void machine_thatSleeps_ages() {
        Cluster.Node node = cluster.node(BALANCED);
        cutOff(node);
        node.time().sleep(Y.plus(BLINK));
        assertThat(node.keys().health().leaseAge()).isEqualTo(Y.plus(BLINK));
        assertThat(node.keys().health().state()).isEqualTo(Freshness.WITHIN_GRACE);
    }

    @Test
    void service_startedDuringAnOutage_isLapsedUntilTheStoreAnswers() {
        FaultyStore faults = cluster.faults();
        faults.cutOff();
        Cluster.Node node = cluster.node(settings -> settings, faults);
        assertThat(node.keys().health())
                .isEqualTo(new KeyServiceHealth(
                        Freshness.LAPSED, Duration.ZERO, null, StoreUnavailableException.class.getName()));

        faults.heal();

        await().untilAsserted(() -> assertThat(node.keys().health().state()).isEqualTo(Freshness.CONFIRMED));
        await().untilAsserted(
                        () -> assertThat(node.keys().health().lastFailure()).isNull());
    }

    @Test
    void service_whoseStoreAnswersAgain_forgetsTheFailure() {
        Cluster.Node node = cluster.node(BALANCED);
        cutOff(node);
        node.time().pass(Y.plus(BLINK));
        node.faults().heal(StoreCall.READ_FEED);
        node.awaitPoll();
        assertThat(node.keys().health().state()).isEqualTo(Freshness.CONFIRMED);
        assertThat(node.keys().health().lastFailure()).isNull();
    }

    /** Y has room for each answer that comes within the time-out. */
    @Test
    void service_whoseStoreTakesItsTime_staysConfirmed() {
        FaultyStore slow = new FaultyStore();
        LeasePolicy policy =
                LeasePolicy.DEFAULT.timing(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(2_200));
        AtomicLong unconfirmed = new AtomicLong();
        try (KeyService keys = KeyService.builder(slow).lease(policy).build()) {
            slow.before(StoreCall.READ_FEED, arguments -> {
                LockSupport.parkNanos(750_000_000);
                if (keys.health().state() != Freshness.CONFIRMED) {
                    unconfirmed.incrementAndGet();
                }
            });
            await().until(() -> keys.stats().polls() >= 5);
        }
        assertThat(unconfirmed).hasValue(0);
    }
}
