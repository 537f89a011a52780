package dev.apikeys;

import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several services on one store, each with clocks and faults of its own: what a cluster is, without the machines.
 *
 * <p>Thread-safe.
 */
final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** Polls often in real time; Y and G are of the nodes' own clocks. */
    static final LeasePolicy STRICT = LeasePolicy.DEFAULT
            .timing(Duration.ofMillis(10), Duration.ofMillis(200), Duration.ofSeconds(1))
            .strict();

    static final LeasePolicy BALANCED = STRICT.balanced(Duration.ofSeconds(60));
    static final Duration Y = STRICT.trust();
    static final Duration G = BALANCED.grace();
    static final Duration BLINK = Duration.ofMillis(1);
    static final Actor ADMIN = Actor.of("admin");

    private final ApiKeyStore store;
    private final List<Node> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Cluster() {
        this(new InMemoryApiKeyStore());
    }

    Cluster(ApiKeyStore store) {
        this.store = store;
    }

    /** One node. */
    record Node(KeyService keys, FaultyStore faults, ClusterTime time) {
        Verification verify(IssuedKey key) {
            return keys.verify(key.token().reveal());
        }

        boolean accepts(IssuedKey key) {
            return verify(key) instanceof Verification.Accepted;
        }

        /** Returns when a poll has ended that began after the call. */
        void awaitPoll() {
            long before = keys.stats().polls();
            await().pollInterval(Duration.ofMillis(2)).until(() -> keys.stats().polls() >= before + 2);
        }

        /** Returns when the node has noticed that the store does not answer. */
        void awaitFailedPoll() {
            long before = keys.stats().failedPolls();
            await().pollInterval(Duration.ofMillis(2)).until(() -> keys.stats().failedPolls() >= before + 3);
        }
    }

    Node node() {
        return node(BALANCED);
    }

    Node node(LeasePolicy lease) {
        return node(builder -> builder.lease(lease));
    }

    Node node(UnaryOperator<KeyServiceBuilder> settings) {
        return node(settings, faults());
    }

    /** What can go wrong between one node and the store that it shares with the others. */
    FaultyStore faults() {
        return new FaultyStore(store);
    }

    synchronized Node node(UnaryOperator<KeyServiceBuilder> settings, FaultyStore faults) {
        ClusterTime time = new ClusterTime();
        KeyServiceBuilder builder = KeyService.builder(faults)
                .lease(BALANCED)
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, KeyPolicy.MAX_ACTIVE_KEYS))
                .clock(time)
                .ticker(time::elapsed);
        Node node = new Node(settings.apply(builder).build(), faults, time);
        nodes.add(node);
        return node;
    }

    static IssuedKey issue(Node node) {
        return node.keys().issue(spec());
    }

    static KeySpec spec() {
        return KeySpec.forUser("alice", "org").named("CRM").mode(Mode.READ);
    }

    static KeyRef ref(IssuedKey key) {
        return KeyRef.of(key.key().id());
    }

    /** Reports a figure, and logs it, since not every build shows what is reported. */
    static void publish(TestReporter reporter, String figure, String value) {
        reporter.publishEntry(figure, value);
        LOG.info("{}: {}", figure, value);
    }

    static void revoke(Node node, IssuedKey key) {
        var unused = node.keys().revoke(ref(key), ADMIN, "test");
    }

    /** Runs the task on a thread of its own. */
    <T> Future<T> start(Callable<T> task) {
        return threads.submit(task);
    }

    /** A task whose thread stands still at its first look at the node's elapsed time. */
    record Stalled<T>(Gate gate, Future<T> task) {
        T goOn() throws ExecutionException, InterruptedException, TimeoutException {
            gate.open();
            return task.get(30, TimeUnit.SECONDS);
        }
    }

    /** Starts the task and returns when it stands still. */
    <T> Stalled<T> stall(Node node, Callable<T> task) {
        CompletableFuture<Gate> gate = new CompletableFuture<>();
        Future<T> running = start(() -> {
            gate.complete(node.time().holdNextLook(Thread.currentThread()));
            return task.call();
        });
        gate.join().awaitReached();
        return new Stalled<>(gate.join(), running);
    }

    @Override
    public synchronized void close() {
        nodes.forEach(node -> node.keys().close());
        threads.shutdownNow();
    }
}
