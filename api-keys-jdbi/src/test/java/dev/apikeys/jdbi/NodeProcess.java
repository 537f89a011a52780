package dev.apikeys.jdbi;

import dev.apikeys.Freshness;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Verification;
import dev.apikeys.Verification.Accepted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A node in a process of its own, told over standard input what to do. Its times can be compared with this process's,
 * since {@link System#nanoTime()} counts from the start of the machine wherever there is a SIGSTOP.
 */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private NodeProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a node under the default lease, strict or balanced. */
    static NodeProcess start(TestDatabase database, String profile, Duration usageInterval) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                // What Logback says of itself would stand among the answers.
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                database.url(),
                database.user(),
                profile,
                Long.toString(usageInterval.toMillis())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        NodeProcess node = new NodeProcess(process);
        node.answer();
        return node;
    }

    String tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return answer();
    }

    /** The next line; null when the process is gone. */
    String answer() throws IOException {
        return answers.readLine();
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(5, TimeUnit.SECONDS);
    }

    /** kill -9; what it wrote before can still be read, which {@link Process#destroyForcibly()} wouldn't allow. */
    void kill() throws IOException, InterruptedException {
        signal("KILL");
        process.waitFor(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException hangs) {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) throws IOException {
        TestDatabase database = new TestDatabase(arguments[0], arguments[1], "", "");
        LeasePolicy lease = arguments[2].equals("strict") ? LeasePolicy.DEFAULT.strict() : LeasePolicy.DEFAULT;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        AtomicBoolean stopping = new AtomicBoolean();
        try (KeyService node = KeyService.builder(storeThatStops(database, stopping, out))
                .lease(lease)
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, KeyPolicy.MAX_ACTIVE_KEYS))
                .usageInterval(Duration.ofMillis(Long.parseLong(arguments[3])))
                .build()) {
            out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Oracle oracle = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "issue" -> {
                        IssuedKey key = Nodes.issue(node, words[1]);
                        out.println(key.key().id() + " " + key.token().reveal());
                    }
                    case "verify" -> out.println(word(Nodes.ask(node, words[1])));
                    case "revoke" -> {
                        node.revoke(KeyRef.of(UUID.fromString(words[1])), Nodes.ADMIN, "");
                        out.println(System.nanoTime());
                    }
                    case "stop" -> {
                        stopping.set(true);
                        node.revoke(KeyRef.of(UUID.fromString(words[1])), Nodes.ADMIN, "");
                        out.println("revoked");
                    }
                    case "ask" -> {
                        oracle = Oracle.asking(node, words[1]);
                        out.println("asking");
                    }
                    case "report" -> {
                        Oracle asked = Objects.requireNonNull(oracle, "nothing was asked");
                        out.println(asked.lastAcceptBegan() + " " + asked.accepts.get() + " " + asked.refusals.get());
                    }
                    case "work" -> work(node, words[1], out);
                    default -> out.println("unknown: " + words[0]);
                }
            }
        }
    }

    /** Says so when it is inside a change, and waits there for a signal. */
    private static JdbiApiKeyStore storeThatStops(TestDatabase database, AtomicBoolean stopping, PrintStream out) {
        return JdbiApiKeyStore.builder(InterceptedDataSource.of(database.pool(2), call -> {
                    if (call.name().equals("commit") && stopping.compareAndSet(true, false)) {
                        out.println("inside");
                        LockSupport.parkNanos(300_000_000);
                    }
                    return call.proceed();
                }))
                .feedDataSource(database.plain())
                .build();
    }

    /** Uses a key and issues others until the process is killed. */
    private static void work(KeyService node, String token, PrintStream out) {
        for (int n = 0; ; n++) {
            if (Nodes.accepts(node, token)) {
                out.println("used " + System.currentTimeMillis());
            }
            if (n % 4 == 0) {
                out.println("issued " + Nodes.issue(node, "worker").key().id());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String word(Verification answer) {
        if (answer instanceof Accepted accepted) {
            return accepted.principal().freshness() == Freshness.WITHIN_GRACE ? "stale" : "accepted";
        }
        return answer == null ? "unavailable" : "rejected";
    }
}
