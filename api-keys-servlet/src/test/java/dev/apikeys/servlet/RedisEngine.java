package dev.apikeys.servlet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A Redis on this machine, which keeps nothing on disk. */
final class RedisEngine implements SharedEngine.Server {
    static {
        // At DEBUG they print every command.
        Stream.of("io.lettuce", "io.netty", "reactor")
                .forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.ERROR));
    }

    private final Path program;
    private final Path directory;
    private final int port = Signal.freePort();
    private Process process;

    private RedisEngine(Path program, Path directory) throws IOException {
        this.program = program;
        this.directory = directory;
        this.process = start();
    }

    /** Starts one; the test is skipped where the program is missing. */
    static RedisEngine in(Path directory) throws IOException {
        Path program = Stream.of(
                        "/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    String message = "SKIPPED: redis-server is not installed";
                    System.out.println(message);
                    return abort(message);
                });
        return new RedisEngine(program, directory);
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(
                        program.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        await().atMost(10, TimeUnit.SECONDS).until(this::answers);
        return started;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException notYet) {
            return false;
        }
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public Node node() {
        return new Client(RedisURI.create(uri()));
    }

    @Override
    public void stall(UUID key) throws Exception {
        Signal.STOP.to(process.toHandle());
    }

    @Override
    public void resume() throws Exception {
        Signal.CONT.to(process.toHandle());
    }

    @Override
    public void spoil(UUID key) {
        try (Client client = new Client(RedisURI.create(uri()))) {
            client.connection.sync().set(Client.name(key), new byte[] {1, 2, 3});
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void restart() throws Exception {
        process = start();
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return "Redis";
    }

    /** A node with one connection, set up as the guide says. */
    private static final class Client implements Node {
        private final ClientResources resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(Duration.ofMillis(500)))
                .build();
        private final RedisClient client;
        private final StatefulRedisConnection<String, byte[]> connection;

        Client(RedisURI uri) {
            client = RedisClient.create(resources, uri);
            client.setOptions(ClientOptions.builder()
                    .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                    .build());
            connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        }

        static String name(UUID key) {
            return "rate:" + key;
        }

        @Override
        public ProxyManager<UUID> buckets(@Nullable TimeMeter clock) {
            Bucket4jLettuce.LettuceBasedProxyManagerBuilder<String> builder = Bucket4jLettuce.casBasedBuilder(
                            connection)
                    .requestTimeout(Duration.ofSeconds(5))
                    .expirationAfterWrite(
                            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)));
            return (clock == null ? builder : builder.clientClock(clock))
                    .build()
                    .withMapper(Client::name);
        }

        @Override
        public @Nullable Executor executor() {
            return null;
        }

        @Override
        public void close() {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
