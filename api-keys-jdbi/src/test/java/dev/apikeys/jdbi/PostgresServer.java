package dev.apikeys.jdbi;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL on a data directory of its own, without the help of the embedded one, to be killed and started again. */
final class PostgresServer implements AutoCloseable {
    private final Path data;
    private final int port;
    private final List<String> command;
    private final TestDatabase database;
    private Process process;

    /** An empty data directory of a stopped server, to be copied, and the program that belongs to it. */
    record Template(Path data, List<String> program) {
        /** Makes one; the test is skipped where there is no PostgreSQL. */
        static Template in(Path directory) throws IOException {
            Path data = directory.resolve("template");
            List<String> program = new ArrayList<>();
            if ("root".equals(System.getProperty("user.name"))) {
                // As the embedded one does: PostgreSQL refuses to be root.
                program.addAll(List.of("unshare", "-U"));
            }
            EmbeddedPostgres first = RunningServers.startPostgres(EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false));
            try {
                long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                        .get(0)
                        .strip());
                program.add(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
            } finally {
                first.close();
            }
            return new Template(data, List.copyOf(program));
        }

        /** A copy of the data, for a server with these settings that isn't started yet. */
        PostgresServer copy(Path target, String... settings) throws IOException {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    // With their rights: PostgreSQL refuses a directory that others may read.
                    Files.copy(
                            file,
                            target.resolve(data.relativize(file).toString()),
                            StandardCopyOption.COPY_ATTRIBUTES,
                            LinkOption.NOFOLLOW_LINKS);
                }
            }
            return new PostgresServer(target, program, settings);
        }
    }

    private PostgresServer(Path data, List<String> program, String... settings) throws IOException {
        this.data = data;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.command = new ArrayList<>(program);
        command.addAll(List.of("-D", data.toString(), "-p", String.valueOf(port)));
        Stream.concat(
                        Stream.of(
                                "listen_addresses=127.0.0.1",
                                "unix_socket_directories=",
                                "shared_buffers=16MB",
                                // A standby needs as many as its primary had, which at first was the template.
                                "max_connections=200",
                                // The longest that a standby waits before it connects again.
                                "wal_retrieve_retry_interval=100ms"),
                        Stream.of(settings))
                .forEach(setting -> command.addAll(List.of("-c", setting)));
        this.database = new TestDatabase(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?loginTimeout=1&connectTimeout=1",
                "postgres",
                "",
                "");
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    /** This server alone, whatever it is just now. */
    TestDatabase database() {
        return database;
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException {
        Path log = data.resolveSibling(data.getFileName() + ".log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await("PostgreSQL, see " + log)
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .ignoreException(AssertionError.class)
                .until(() -> database.number("SELECT 1") == 1);
    }

    /** kill -9 of the server and of all processes that belong to it, as if its machine had lost its power. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
        process.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(10, TimeUnit.SECONDS).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Makes a primary of a standby; gives the time, {@link System#nanoTime()}, at which it was one. */
    long promote() {
        if (!database.value("SELECT pg_promote(true, 30)").equals("t")) {
            throw new AssertionError("the standby did not become a primary");
        }
        return System.nanoTime();
    }

    @Override
    public void close() {
        database.close();
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    /** Writes the file that makes a server begin as a standby. */
    PostgresServer asStandby() {
        try {
            Files.createFile(data.resolve("standby.signal"));
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
