package dev.apikeys.jdbi;

import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.NoticePolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A node in a process of its own that gives notices all the time, and prints the id of each key; or that exports the audit
 * trail, and prints the id of each entry.
 */
final class NoticeProcess implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<Boolean> allRead = new CompletableFuture<>();
    private final BlockingQueue<String> given = new LinkedBlockingQueue<>();

    private NoticeProcess(Process process) {
        this.process = process;
    }

    /** What the process does. */
    enum Task {
        NOTICES {
            @Override
            KeyServiceBuilder of(KeyServiceBuilder service, PrintStream out) {
                return service.notices(NoticePolicy.DEFAULT.beforeExpiry(Duration.ofDays(2)), notice -> {
                    out.println(notice.key().id());
                    LockSupport.parkNanos(5_000_000);
                });
            }
        },
        EXPORT {
            @Override
            KeyServiceBuilder of(KeyServiceBuilder service, PrintStream out) {
                return service.auditRetention(Duration.ofDays(1), entries -> {
                    entries.forEach(entry -> out.println(entry.id()));
                    LockSupport.parkNanos(50_000_000);
                });
            }
        };

        abstract KeyServiceBuilder of(KeyServiceBuilder service, PrintStream out);
    }

    static NoticeProcess start(TestDatabase database, Task task) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        // What Logback says of itself would stand among the ids.
                        "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NoticeProcess.class.getName(),
                        task.name(),
                        database.url(),
                        database.user()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        NoticeProcess node = new NoticeProcess(process);
        Thread reader = new Thread(node::read, "notices-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return node;
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                given.add(line);
            }
        } catch (IOException killed) {
            // What was read is what it gave.
        } finally {
            allRead.complete(true);
        }
    }

    /** What it has given so far. */
    List<String> given() {
        return List.copyOf(given);
    }

    /** Ends it at once, wherever it is; afterwards everything that it has given is known. */
    void kill() {
        process.destroyForcibly().onExit().join();
        allRead.join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        TestDatabase database = new TestDatabase(arguments[1], arguments[2], "", "");
        KeyServiceBuilder service = KeyService.builder(database.store(3));
        try (KeyService node = Task.valueOf(arguments[0]).of(service, out).build()) {
            // Until it is killed, or the test that started it is gone.
            while (!out.checkError() && System.in.available() >= 0) {
                node.cleanUp().runDue();
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
