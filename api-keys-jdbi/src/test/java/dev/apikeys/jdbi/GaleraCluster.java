package dev.apikeys.jdbi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three MariaDB servers that replicate to each other by Galera, of one test's own. */
final class GaleraCluster implements AutoCloseable {
    private static final int SIZE = 3;
    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
    private static final Path INSTALLER = Path.of("/usr/bin/mariadb-install-db");
    private static final Path PROVIDER = Path.of("/usr/lib/galera/libgalera_smm.so");
    private static final Path TRANSFER = Path.of("/usr/bin/wsrep_sst_rsync");

    private final Path directory;
    private final boolean isRoot = "root".equals(System.getProperty("user.name"));
    private final List<Member> members = new ArrayList<>();

    /** One server. Its group ports are one after the other. */
    private record Member(Path data, int port, int groupPort, Process process) {}

    /** Starts one after the other; the test is skipped where a program is missing. */
    GaleraCluster(Path directory) throws IOException {
        for (Path needed : List.of(SERVER, INSTALLER, PROVIDER, TRANSFER)) {
            if (!Files.exists(needed)) {
                String message = "SKIPPED: " + needed + " is missing; install mariadb-server, galera-4 and rsync";
                System.out.println(message);
                abort(message);
            }
        }
        this.directory = directory;
        if (isRoot) {
            // The servers become another user, who has to get to their data.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (int i = 0; i < SIZE; i++) {
            Path data = Files.createDirectory(directory.resolve("node" + i));
            if (i == 0) {
                run(
                        INSTALLER.toString(),
                        "--no-defaults",
                        "--datadir=" + data,
                        "--skip-test-db",
                        "--auth-root-authentication-method=normal");
            }
            if (isRoot) {
                run("chown", "-R", "nobody", data.toString());
            }
            members.add(start(data));
            awaitSize(i + 1);
        }
        database(0, "mysql", "").execute("CREATE DATABASE app");
    }

    private void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("setup.log").toFile())
                .start();
        if (process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("setup.log")));
        }
    }

    private Member start(Path data) throws IOException {
        int number = members.size();
        int port = freePorts(1);
        int group = freePorts(SIZE);
        Path grants = Files.writeString(
                directory.resolve("grants" + number + ".sql"),
                number == 0 ? "CREATE USER admin@'127.0.0.1';\nGRANT ALL ON *.* TO admin@'127.0.0.1';\n" : "");
        List<String> command = new ArrayList<>(List.of(
                SERVER.toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--socket=" + data.resolve("socket"),
                "--pid-file=" + data.resolve("pid"),
                "--init-file=" + grants,
                "--binlog-format=ROW",
                "--innodb-autoinc-lock-mode=2",
                "--innodb-buffer-pool-size=32M",
                // What one loses, the others have.
                "--innodb-flush-log-at-trx-commit=0",
                "--wsrep-on=ON",
                "--wsrep-provider=" + PROVIDER,
                "--wsrep-cluster-name=" + directory.getFileName(),
                "--wsrep-cluster-address=gcomm://" + String.join(",", addresses()),
                "--wsrep-node-address=127.0.0.1:" + group,
                "--wsrep-sst-method=rsync",
                "--wsrep-sst-receive-address=127.0.0.1:" + (group + 2),
                "--wsrep-provider-options=base_port=" + group + ";gmcast.listen_addr=tcp://127.0.0.1:" + group
                        + ";ist.recv_addr=127.0.0.1:" + (group + 1)
                        + ";gcache.size=16M;evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S"
                        + ";evs.inactive_timeout=PT6S;evs.install_timeout=PT4S"));
        if (isRoot) {
            command.add("--user=nobody");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("node" + number + ".log").toFile())
                .start();
        return new Member(data, port, group, process);
    }

    private List<String> addresses() {
        return members.stream().map(member -> "127.0.0.1:" + member.groupPort()).toList();
    }

    /** The first of so many ports that are free, one after the other. */
    private static int freePorts(int count) throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = first.getLocalPort();
                List<ServerSocket> others = new ArrayList<>();
                try {
                    for (int i = 1; i < count; i++) {
                        others.add(new ServerSocket(port + i, 1, InetAddress.getLoopbackAddress()));
                    }
                    return port;
                } catch (IOException taken) {
                    // The next port may be better.
                } finally {
                    for (ServerSocket other : others) {
                        other.close();
                    }
                }
            }
        }
    }

    /** Waits until the first and the newest member see so many, and the newest has all data. */
    void awaitSize(int size) {
        for (int member : new int[] {0, members.size() - 1}) {
            await("Galera, see " + directory)
                    .atMost(120, TimeUnit.SECONDS)
                    .failFast(
                            "a server ended",
                            () -> members.stream()
                                    .anyMatch(started -> !started.process().isAlive()))
                    .ignoreException(AssertionError.class)
                    .until(() -> status(member, "wsrep_local_state_comment").equals("Synced")
                            && status(member, "wsrep_cluster_size").equals(String.valueOf(size)));
        }
    }

    /** A status variable, which a member also tells when it is cut off. */
    String status(int member, String name) {
        return database(member, "mysql", "&sessionVariables=wsrep_sync_wait=0")
                .value("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '" + name
                        + "'");
    }

    /** The database as these members have it, the first that answers. */
    TestDatabase app(String parameters, int... via) {
        String hosts = IntStream.of(via)
                .mapToObj(member -> "127.0.0.1:" + members.get(member).port())
                .collect(Collectors.joining(","));
        return new TestDatabase(
                "jdbc:mariadb:" + (via.length > 1 ? "sequential:" : "") + "//" + hosts
                        + "/app?connectTimeout=500&socketTimeout=10000" + parameters,
                "admin",
                "",
                "");
    }

    private TestDatabase database(int member, String name, String parameters) {
        return new TestDatabase(
                "jdbc:mariadb://127.0.0.1:" + members.get(member).port() + "/" + name + "?connectTimeout=500"
                        + parameters,
                "admin",
                "",
                "");
    }

    /** kill -9. */
    void kill(int member) {
        Process process = members.get(member).process();
        process.destroyForcibly();
        await().atMost(10, TimeUnit.SECONDS).until(() -> !process.isAlive());
    }

    /** Cuts the member off from the others, not from its clients. */
    void isolate(int member) {
        database(member, "mysql", "").execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
    }

    void rejoin(int member) {
        database(member, "mysql", "").execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
    }

    @Override
    public void close() {
        members.stream().map(Member::process).filter(Process::isAlive).forEach(Process::destroyForcibly);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> members.stream().map(Member::process).noneMatch(Process::isAlive));
    }
}
