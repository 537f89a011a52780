package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One read for all who want a value, and none that outlives a change. */
@Tag("tr-skip") // Waiting knows no locale.
class SingleFlightTest {
    private final Cluster threads = new Cluster();
    private final SingleFlight<String, String> flight = patient();
    private final ConcurrentLinkedQueue<String> published = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> dropped = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        threads.close();
    }

    private static SingleFlight<String, String> patient() {
        return waiting(Duration.ofSeconds(30));
    }

    private static SingleFlight<String, String> waiting(Duration atMost) {
        return new SingleFlight<>(atMost, cause -> new StoreUnavailableException("waited in vain", cause));
    }

    private String get(SingleFlight<String, String> shared, Supplier<String> read) {
        return shared.get("key", () -> null, read, published::add, dropped::add);
    }

    private static Supplier<String> held(Gate gate, String value) {
        return () -> {
            gate.pass();
            return value;
        };
    }

    @Test
    void readers_ofOneKey_shareOneRead() throws Exception {
        Gate gate = new Gate();
        AtomicInteger reads = new AtomicInteger();
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(threads.start(() -> get(flight, () -> {
                gate.pass();
                return "read " + reads.incrementAndGet();
            })));
        }
        gate.awaitReached();
        gate.open();

        for (Future<String> each : all) {
            assertThat(each.get()).startsWith("read ");
        }
        assertThat(published).hasSize(reads.get());
        assertThat(dropped).isEmpty();
    }

    @Test
    void read_outdatedUnderWay_isDroppedAndNotJoined() throws Exception {
        Gate gate = new Gate();
        Future<String> slow = threads.start(() -> get(flight, held(gate, "old")));
        gate.awaitReached();

        flight.outdate("key");
        assertThat(get(flight, () -> "new")).isEqualTo("new");
        gate.open();

        assertThat(slow.get()).isEqualTo("old");
        assertThat(published).containsExactly("new");
        assertThat(dropped).containsExactly("old");
    }

    @Test
    void reads_allOutdated_areDropped() throws Exception {
        Gate gate = new Gate();
        Future<String> slow = threads.start(() -> get(flight, held(gate, "old")));
        gate.awaitReached();

        flight.outdateAll();
        gate.open();

        assertThat(slow.get()).isEqualTo("old");
        assertThat(published).isEmpty();
        assertThat(dropped).containsExactly("old");
    }

    @Test
    void read_thatFailed_failsForAllAndIsTriedAgainByTheNext() throws Exception {
        Gate gate = new Gate();
        Future<String> first = threads.start(() -> get(flight, () -> {
            gate.pass();
            throw new IllegalStateException("injected");
        }));
        gate.awaitReached();
        Future<String> second = threads.start(() -> get(flight, () -> "its own"));
        gate.open();

        assertThatThrownBy(first::get).hasCauseInstanceOf(IllegalStateException.class);
        // Either it waited for the first, or it came late enough to read by itself.
        try {
            assertThat(second.get()).isEqualTo("its own");
        } catch (ExecutionException waited) {
            assertThat(waited).cause().isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(get(flight, () -> "next")).isEqualTo("next");
    }

    @Test
    void waiter_forASlowRead_givesUpAfterTheBound() throws Exception {
        SingleFlight<String, String> hasty = waiting(Duration.ofMillis(20));
        Gate gate = new Gate();
        Future<String> slow = threads.start(() -> get(hasty, held(gate, "slow")));
        gate.awaitReached();

        assertThatThrownBy(() -> get(hasty, () -> "never read")).isInstanceOf(StoreUnavailableException.class);

        gate.open();
        assertThat(slow.get()).isEqualTo("slow");
        assertThat(published).containsExactly("slow");
    }

    @Test
    void waiter_interrupted_givesUpAndStaysInterrupted() throws Exception {
        Gate gate = new Gate();
        Future<String> slow = threads.start(() -> get(flight, held(gate, "slow")));
        gate.awaitReached();

        Future<Boolean> interrupted = threads.start(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> get(flight, () -> "never read")).isInstanceOf(StoreUnavailableException.class);
            return Thread.interrupted();
        });

        assertThat(interrupted.get()).isTrue();
        gate.open();
        assertThat(slow.get()).isEqualTo("slow");
    }

    @Test
    void outdating_whatNobodyReads_doesNothing() {
        flight.outdate("key");
        flight.outdateAll();

        assertThat(get(flight, () -> "value")).isEqualTo("value");
        assertThat(published).containsExactly("value");
    }

    @Test
    void reader_thatIsInterrupted_failsAlone_andAnotherReads() throws Exception {
        Gate gate = new Gate();
        Future<Thread> leader = threads.start(() -> {
            assertThatThrownBy(() -> get(flight, () -> {
                        gate.pass();
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            return Thread.interrupted() ? Thread.currentThread() : null;
        });
        gate.awaitReached();
        AtomicInteger reads = new AtomicInteger();
        List<Future<String>> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(threads.start(() -> get(flight, () -> "read " + reads.incrementAndGet())));
        }
        gate.open();

        assertThat(leader.get()).isNotNull();
        for (Future<String> each : others) {
            assertThat(each.get()).startsWith("read ");
        }
    }
}
