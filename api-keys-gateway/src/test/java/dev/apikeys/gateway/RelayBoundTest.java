package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.Actor;
import dev.apikeys.Freshness;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real nodes behind a relay in a real container: no key is accepted later than Y after its revocation, whatever breaks. */
@Tag("tr-skip")
class RelayBoundTest {
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final Duration Y = STRICT.trust();
    private static final Actor ADMIN = Actor.of("admin");

    private final InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
    private final KeyService origin = KeyService.builder(memory).build();
    private final List<KeyService> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(KeyService::close);
        origin.close();
    }

    private IssuedKey issue() {
        return origin.issue(
                KeySpec.forOrganization("org_" + System.nanoTime()).named("CRM").mode(Mode.READ));
    }

    private KeyService add(KeyService node) {
        nodes.add(node);
        return node;
    }

    private static boolean accepts(KeyService node, IssuedKey key) {
        try {
            return node.verify(key.token().reveal()) instanceof Verification.Accepted;
        } catch (StoreUnavailableException nobodyKnows) {
            return false;
        }
    }

    private long revoke(IssuedKey key) {
        origin.revoke(KeyRef.of(key.key().id()), ADMIN, "test");
        return System.nanoTime();
    }

    /** How long after this moment each node accepted the key for the last time; asks until all have refused for a while. */
    private List<Duration> lastAccepts(IssuedKey key, long since) {
        long[] last = new long[nodes.size()];
        long quiet = System.nanoTime();
        while (System.nanoTime() - quiet < 100_000_000L) {
            for (int i = 0; i < last.length; i++) {
                long asked = System.nanoTime();
                if (accepts(nodes.get(i), key)) {
                    last[i] = Math.max(0, asked - since);
                    quiet = System.nanoTime();
                }
            }
            LockSupport.parkNanos(500_000);
        }
        List<Duration> all = new ArrayList<>();
        for (long nanos : last) {
            all.add(Duration.ofNanos(nanos));
        }
        return all;
    }

    private static void assertWithin(List<Duration> lastAccepts, Duration bound) {
        assertThat(lastAccepts).allSatisfy(last -> assertThat(last).isLessThanOrEqualTo(bound));
    }

    @ParameterizedTest
    @EnumSource
    void revokedKeys_areRefusedByTenNodesWithinTheBound_andNoNodeAsksTheStore(Container container) throws Exception {
        try (Relay relay = Relay.of(memory, container)) {
            List<FaultyStore> stores = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                FaultyStore store = new FaultyStore(memory);
                stores.add(store);
                add(Relay.node(store, STRICT, relay.client()));
            }
            List<Duration> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                IssuedKey key = issue();
                assertThat(nodes).allMatch(node -> accepts(node, key));
                all.addAll(lastAccepts(key, revoke(key)));
            }
            all.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "last accept behind a relay in %s, 10 nodes, 5 revocations: median %d ms, longest %d ms%n",
                    container,
                    all.get(all.size() / 2).toMillis(),
                    all.get(all.size() - 1).toMillis());
            assertWithin(all, Y);
            for (FaultyStore store : stores) {
                assertThat(store.calls(StoreCall.OPEN_FEED)).isZero();
            }
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.stats().rewinds()).isZero());
        }
    }

    private enum Fault {
        LINE_SWALLOWS,
        LINE_REFUSES,
        RELAY_STOPPED,
        STORE_OF_THE_RELAY_CUT
    }

    /** A node whose relay is cut off, in whatever way, fails as one whose store is. */
    @ParameterizedTest
    @EnumSource
    void nodeThatIsCutOff_failsAsOneThatLostItsStore_andRecovers(Fault fault) throws Exception {
        FaultyStore direct = new FaultyStore(memory);
        Relay relay = Relay.of(memory, Container.JETTY);
        Relay restarted = null;
        try (Line line = Line.to(relay.port())) {
            KeyService behind = add(Relay.node(memory, STRICT, relay.client(line.uri("/feed"))));
            KeyService beside = add(Relay.node(direct, STRICT, direct::openChangeFeed));
            IssuedKey key = issue();
            assertThat(accepts(behind, key) && accepts(beside, key)).isTrue();

            direct.cutOff();
            switch (fault) {
                case LINE_SWALLOWS -> line.swallow();
                case LINE_REFUSES -> line.refuse();
                case RELAY_STOPPED -> relay.close();
                case STORE_OF_THE_RELAY_CUT -> relay.cutOff();
            }
            long cut = System.nanoTime();
            revoke(key);
            assertWithin(lastAccepts(key, cut), Y);
            for (KeyService node : List.of(behind, beside)) {
                assertThatThrownBy(() -> node.verify(key.token().reveal()))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(node.health().state()).isEqualTo(Freshness.LAPSED);
                assertThat(node.health().lastFailure()).isNotNull();
                assertThat(node.stats().failedPolls()).isPositive();
            }

            direct.heal();
            relay.heal();
            if (fault == Fault.RELAY_STOPPED) {
                restarted = Relay.of(memory, Container.JETTY);
            }
            line.forward(restarted == null ? relay.port() : restarted.port());
            for (KeyService node : List.of(behind, beside)) {
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(node.verify(key.token().reveal()))
                                .isEqualTo(new Verification.Rejected(Rejection.REVOKED)));
                assertThat(node.stats().rewinds()).isZero();
            }
        } finally {
            relay.close();
            if (restarted != null) {
                restarted.close();
            }
        }
    }

    /** A relay that has just started knows no reader, and its nodes miss nothing all the same. */
    @Test
    void relayThatIsReplaced_losesNoChange_andLooksLikeNoRewind() throws Exception {
        try (Relay first = Relay.of(memory, Container.JETTY);
                Relay second = Relay.of(memory, Container.TOMCAT);
                Line line = Line.to(first.port())) {
            URI address = line.uri("/feed");
            KeyService node = add(Relay.node(memory, STRICT, first.client(address)));
            IssuedKey kept = issue();
            for (int i = 0; i < 4; i++) {
                IssuedKey key = issue();
                assertThat(accepts(node, key) && accepts(node, kept)).isTrue();
                line.refuse();
                long revoked = revoke(key);
                line.forward(i % 2 == 0 ? second.port() : first.port());
                assertWithin(lastAccepts(key, revoked), Y);
                await().until(() -> accepts(node, kept));
            }
            assertThat(node.stats().rewinds()).isZero();
            assertThat(node.stats().loads())
                    .as("nothing was forgotten for nothing")
                    .isLessThan(20);
        }
    }

    @Test
    void storeThatIsRestoredBehindARelay_isNoticedByEachNodeOnce() throws Exception {
        InMemoryApiKeyStore backup = new InMemoryApiKeyStore();
        try (Relay relay = Relay.of(memory, Container.JETTY)) {
            FaultyStore store = new FaultyStore(memory);
            for (int i = 0; i < 3; i++) {
                add(Relay.node(store, STRICT, relay.client()));
            }
            IssuedKey lost = issue();
            assertThat(nodes).allMatch(node -> accepts(node, lost));

            // The relay's key is looked up elsewhere, since the backup lacks it too.
            store.replaceBy(backup);
            relay.store().replaceBy(backup);
            long restored = System.nanoTime();

            assertWithin(lastAccepts(lost, restored), Y);
            assertThat(nodes).allSatisfy(node -> {
                await().untilAsserted(() -> assertThat(node.stats().rewinds()).isEqualTo(1));
                assertThat(node.verify(lost.token().reveal())).isEqualTo(new Verification.Rejected(Rejection.UNKNOWN));
            });
        }
    }

    /** Each hop takes the time before its own question, so the ages add up, and the bound stays. */
    @Test
    void chainOfRelays_keepsTheBound() throws Exception {
        LeasePolicy longer = STRICT.timing(Duration.ofMillis(250), Duration.ofMillis(200), Duration.ofMillis(1_500));
        try (Relay first = Relay.of(memory, Container.JETTY, longer, s -> s::openChangeFeed, settings -> {});
                Relay second = Relay.of(memory, Container.TOMCAT, longer, s -> first.client(), settings -> {});
                Relay third = Relay.of(memory, Container.JETTY, longer, s -> second.client(), settings -> {})) {
            KeyService node = add(Relay.node(memory, longer, third.client()));
            for (int i = 0; i < 3; i++) {
                IssuedKey key = issue();
                assertThat(accepts(node, key)).isTrue();
                assertWithin(lastAccepts(key, revoke(key)), longer.trust());
            }
            assertThatThrownBy(() -> Relay.node(memory, STRICT, third.client()))
                    .as("three hops have no room in one second")
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PT1.46S");
            IssuedKey key = issue();
            assertThat(accepts(node, key)).isTrue();
            first.cutOff();
            assertWithin(lastAccepts(key, revoke(key)), longer.trust());
        }
    }

    /** Nobody's wall clock is asked: neither the node's nor the relay's. */
    @Test
    void clocksThatAreWrong_changeNothing() throws Exception {
        NodeClock wrong =
                new NodeClock(() -> System.nanoTime() + 77, Clock.offset(Clock.systemUTC(), Duration.ofDays(-400)));
        try (Relay relay = Relay.of(memory, Container.JETTY, settings -> settings.clock(wrong))) {
            for (Duration offset : List.of(Duration.ofDays(-400), Duration.ZERO)) {
                add(KeyService.builder(memory)
                        .lease(STRICT)
                        .clock(Clock.offset(Clock.systemUTC(), offset))
                        .changes(relay.client())
                        .build());
            }
            IssuedKey key = issue();
            assertThat(nodes).allMatch(node -> accepts(node, key));
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.health().leaseAge()).isLessThan(Y));
            assertWithin(lastAccepts(key, revoke(key)), Y);
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.stats().failedPolls()).isZero());
        }
    }
}
