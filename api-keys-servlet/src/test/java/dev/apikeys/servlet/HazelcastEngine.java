package dev.apikeys.servlet;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Two members of a Hazelcast in this process; nodes are members by turns. */
final class HazelcastEngine implements SharedEngine {
    private final int[] ports = {Signal.freePort(), Signal.freePort()};
    private final List<HazelcastInstance> members = new ArrayList<>();
    private int nodes;

    private HazelcastEngine() throws IOException {
        members.add(start(0));
        members.add(start(1));
    }

    static HazelcastEngine start() throws IOException {
        return new HazelcastEngine();
    }

    private HazelcastInstance start(int number) {
        Config config = new Config()
                .setClusterName("limits-" + ports[0])
                .setProperty("hazelcast.logging.type", "none")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.partition.count", "31")
                .setProperty("hazelcast.operation.thread.count", "2");
        config.getNetworkConfig()
                .setPort(ports[number])
                .setPortAutoIncrement(false)
                .getInterfaces()
                .setEnabled(true)
                .addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig()
                .setEnabled(true)
                .addMember("127.0.0.1:" + ports[0])
                .addMember("127.0.0.1:" + ports[1]);
        return Hazelcast.newHazelcastInstance(config);
    }

    private IMap<String, byte[]> map() {
        return members.get(0).getMap("buckets");
    }

    /** How many members see each other. */
    int members() {
        return members.get(0).getCluster().getMembers().size();
    }

    /** Whether this member keeps the key's bucket; the other one has its backup. */
    boolean owns(int member, UUID key) {
        return members.get(member)
                .getPartitionService()
                .getPartition(key.toString())
                .getOwner()
                .equals(members.get(member).getCluster().getLocalMember());
    }

    /** This member is gone at once, without a word to the other. */
    void terminate(int member) {
        members.get(member).getLifecycleService().terminate();
    }

    /** The member comes back. */
    void restart(int member) {
        members.set(member, start(member));
    }

    HazelcastInstance member(int number) {
        return members.get(number);
    }

    /** A node that is this member. */
    Node node(int member) {
        return new Member(members.get(member).getMap("buckets"));
    }

    @Override
    public Node node() {
        return node(nodes++ % 2);
    }

    @Override
    public void stall(UUID key) {
        Stalling.until = new CountDownLatch(1);
        var unused = map().submitToKey(key.toString(), new Stalling());
    }

    @Override
    public void resume() {
        Stalling.until.countDown();
    }

    @Override
    public void spoil(UUID key) {
        map().set(key.toString(), new byte[] {1, 2, 3});
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }

    @Override
    public String toString() {
        return "Hazelcast";
    }

    /** Keeps the thread that is responsible for a key. */
    private static final class Stalling implements EntryProcessor<String, byte[], Boolean> {
        private static final long serialVersionUID = 1;

        static volatile CountDownLatch until = new CountDownLatch(0);

        @Override
        public Boolean process(Map.Entry<String, byte[]> entry) {
            try {
                until.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return true;
        }

        @Override
        public @Nullable EntryProcessor<String, byte[], Boolean> getBackupProcessor() {
            return null;
        }
    }

    /** A node that is a member itself. */
    private record Member(IMap<String, byte[]> map) implements Node {
        @Override
        public ProxyManager<UUID> buckets(@Nullable TimeMeter clock) {
            Bucket4jHazelcast.HazelcastProxyManagerBuilder<String> builder =
                    Bucket4jHazelcast.entryProcessorBasedBuilder(map)
                            .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                                    Duration.ofMinutes(1)));
            return (clock == null ? builder : builder.clientClock(clock))
                    .build()
                    .withMapper(UUID::toString);
        }

        @Override
        public @Nullable Executor executor() {
            return null;
        }

        @Override
        public void close() {}
    }
}
