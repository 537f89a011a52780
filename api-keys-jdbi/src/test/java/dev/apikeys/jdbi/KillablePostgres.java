package dev.apikeys.jdbi;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL of one test's own, to be killed and started again on the same data and port. */
final class KillablePostgres implements AutoCloseable {
    private final Path data;
    private final TestDatabase database;
    private final List<String> command = new ArrayList<>();

    KillablePostgres(Path directory) throws IOException {
        this.data = directory.resolve("data");
        EmbeddedPostgres first = RunningServers.startPostgres(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false));
        String url = "jdbc:postgresql://localhost:" + first.getPort() + "/postgres?loginTimeout=1&connectTimeout=1";
        this.database = new TestDatabase(url, "postgres", "", "");
        ProcessHandle.Info server = postmaster().info();
        if ("root".equals(System.getProperty("user.name"))) {
            // As the embedded one does: PostgreSQL refuses to be root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(server.command().orElseThrow());
        Collections.addAll(command, server.arguments().orElseThrow());
    }

    TestDatabase database() {
        return database;
    }

    /** kill -9; what it was doing is lost, what it had committed must not be. */
    void kill() throws IOException {
        ProcessHandle server = postmaster();
        server.destroyForcibly();
        await().atMost(10, TimeUnit.SECONDS).until(() -> !server.isAlive());
    }

    /** Starts it again; gives the time, {@link System#nanoTime()}, at which it first answered a query. */
    long restart() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Process starting = null;
        while (System.nanoTime() - deadline < 0) {
            if (starting == null || !starting.isAlive()) {
                // It refuses as long as a process of the old one is still on its way out.
                starting = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(data.resolveSibling("log").toFile())
                        .start();
            }
            try (Connection connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                return System.nanoTime();
            } catch (SQLException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("PostgreSQL did not come back: " + Files.readString(data.resolveSibling("log")));
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        database.close();
        kill();
    }
}
