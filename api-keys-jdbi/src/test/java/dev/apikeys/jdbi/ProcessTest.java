package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that are processes: they share a database and nothing else, and can be stopped and killed. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ProcessTest {
    private static final Duration USAGE_INTERVAL = Duration.ofMillis(500);

    @BeforeEach
    void needSignals() {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")) || Files.isExecutable(Path.of("/usr/bin/kill")), "no kill");
    }

    @Test
    void revocation_inOneProcess_isTrueInTheOtherWithinY() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                NodeProcess one = NodeProcess.start(database, "strict", USAGE_INTERVAL);
                NodeProcess other = NodeProcess.start(database, "strict", USAGE_INTERVAL)) {
            String[] key = one.tell("issue alice").split(" ", -1);
            assertThat(other.tell("verify " + key[1])).isEqualTo("accepted");
            other.tell("ask " + key[1]);

            long returned = Long.parseLong(one.tell("revoke " + key[0]));

            assertThat(one.tell("verify " + key[1])).isEqualTo("rejected");
            await().until(() -> other.tell("verify " + key[1]).equals("rejected"));
            long lastAccept = Long.parseLong(other.tell("report").split(" ", -1)[0]);
            assertThat(lastAccept - returned).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "balanced"})
    void process_stoppedForTwoSeconds_acceptsNothingBeforeItAsked(String profile, Figures figures) throws Exception {
        stop(profile, Duration.ofSeconds(2), 1, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @ValueSource(strings = {"strict", "balanced"})
    void process_stoppedForFiveSeconds_acceptsNothingBeforeItAsked(String profile, Figures figures) throws Exception {
        stop(profile, Duration.ofSeconds(5), 3, figures);
    }

    /** T39: while it stands still, somebody else revokes. */
    private static void stop(String profile, Duration forHowLong, int times, Figures figures) throws Exception {
        long wrong = 0;
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT)) {
            KeyService here = nodes.get(0);
            for (int i = 0; i < times; i++) {
                try (NodeProcess other = NodeProcess.start(database, profile, USAGE_INTERVAL)) {
                    IssuedKey key = Nodes.issue(here, "alice");
                    other.tell("ask " + key.token().reveal());
                    await().until(() -> !other.tell("report").startsWith(Long.toString(Long.MIN_VALUE)));
                    other.signal("STOP");
                    here.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                    Nodes.letPass(forHowLong);
                    long goesOn = System.nanoTime();
                    other.signal("CONT");
                    await().until(() ->
                            other.tell("verify " + key.token().reveal()).equals("rejected"));
                    if (Long.parseLong(other.tell("report").split(" ", -1)[0]) - goesOn > 0) {
                        wrong++;
                    }
                }
            }
        }
        figures.count(
                "accepts after a stop of " + forHowLong.toSeconds() + " s, " + profile, "POSTGRESQL", times, wrong);
        assertThat(wrong).isZero();
    }

    /** T55: with 128 MB of heap. */
    @Tag("endurance")
    @ParameterizedTest
    @ValueSource(ints = {50_000, 1_000_000})
    void process_farBehind_catchesUpInLittleMemory(int changes, Figures figures) throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                NodeProcess node = NodeProcess.start(database, "strict", USAGE_INTERVAL)) {
            String[] key = node.tell("issue alice").split(" ", -1);
            assertThat(node.tell("verify " + key[1])).isEqualTo("accepted");
            node.signal("STOP");
            FeedBoundTest.addChanges(DatabaseServer.POSTGRESQL, database, changes);
            long began = System.nanoTime();
            node.signal("CONT");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> node.tell("verify " + key[1]).equals("accepted"));
            figures.measured("catching up with " + changes + " changes, 128 MB", "POSTGRESQL", new long[] {
                System.nanoTime() - began
            });
        }
    }

    @Test
    void process_killed_losesNoMoreThanOneIntervalOfUse(Figures figures) throws Exception {
        kill(2, figures);
    }

    @Tag("endurance")
    @Test
    void process_killedManyTimes_losesNoMoreThanOneIntervalOfUse(Figures figures) throws Exception {
        kill(20, figures);
    }

    /** F14. */
    private static void kill(int times, Figures figures) throws Exception {
        long[] lostNanos = new long[times];
        long lostAudit = 0;
        long issued = 0;
        long backwards = 0;
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT)) {
            IssuedKey key = Nodes.issue(nodes.get(0), "alice");
            String stored = "SELECT COALESCE(MAX(last_used_at), 0) FROM api_key_usage WHERE key_id = '"
                    + key.key().id() + "'";
            for (int i = 0; i < times; i++) {
                long before = database.number(stored);
                NodeProcess node = NodeProcess.start(database, "balanced", USAGE_INTERVAL);
                List<String> lines = new ArrayList<>();
                lines.add(node.tell("work " + key.token().reveal()));
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500 + 37L * i);
                while (System.nanoTime() - until < 0) {
                    lines.add(node.answer());
                }
                node.kill();
                for (String line = node.answer(); line != null; line = node.answer()) {
                    lines.add(line);
                }
                long after = database.number(stored);
                backwards += after < before ? 1 : 0;
                lostNanos[i] = TimeUnit.MILLISECONDS.toNanos(Math.max(0, lastUse(lines) - after));
                for (String line : lines) {
                    if (line.startsWith("issued ")) {
                        issued++;
                        lostAudit += 1
                                - database.number("SELECT COUNT(*) FROM api_key_audit a JOIN api_key k"
                                        + " ON k.id = a.key_id WHERE a.event = 'CREATED' AND a.key_id = '"
                                        + line.substring("issued ".length()).strip() + "'");
                    }
                }
            }
        }
        // An interval, and the time that writing takes on a busy machine.
        boolean little = figures.within(
                "use lost by a kill, interval 500 ms", "POSTGRESQL", lostNanos, USAGE_INTERVAL.toMillis() * 1.5);
        figures.count("uses that went backwards by a kill", "POSTGRESQL", times, backwards);
        figures.count("audit entries lost by a kill", "POSTGRESQL", issued, lostAudit);
        assertThat(little).isTrue();
        assertThat(backwards).isZero();
        assertThat(lostAudit).isZero();
        assertThat(issued).isPositive();
    }

    /** The last line may have been cut off by the kill. */
    private static long lastUse(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("used \\d{13}"))
                .mapToLong(line -> Long.parseLong(line.substring("used ".length())))
                .max()
                .orElseThrow();
    }
}
