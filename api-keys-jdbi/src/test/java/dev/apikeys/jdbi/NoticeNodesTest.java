package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.jdbi.NoticeProcess.Task;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three nodes that are processes give notices, or export the audit trail. The one that is at it is killed in the middle of
 * it, twice.
 */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class NoticeNodesTest {
    private static final int NODES = 3;
    private static final int KILLS = 2;
    private static final int KEYS = 90;
    private static final int ENTRIES = 8_000;
    private static final int BATCH = 500;
    private static final String FIVE_MINUTES_LATER = "UPDATE api_key_task SET held_until = 0";

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void nodes_ofWhichTwoAreKilled_giveEachNoticeAtLeastOnce_andNoneTwiceByOneNode(
            DatabaseServer server, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            Set<String> ids = issue(database);

            List<List<String>> given = givenByNodes(database, Task.NOTICES, ids);

            put(figures, server, "notices", ids, given);
            assertThat(given).allSatisfy(one -> assertThat(one).doesNotHaveDuplicates());
            assertThat(total(given)).as("one more for each kill at the most").isBetween(KEYS, KEYS + KILLS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void nodes_ofWhichTwoAreKilled_exportEachEntryBeforeItGoes(DatabaseServer server, Figures figures)
            throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            Set<String> ids = append(database);

            List<List<String>> given = givenByNodes(database, Task.EXPORT, ids);

            put(figures, server, "audit entries", ids, given);
            assertThat(given).allSatisfy(one -> assertThat(one).doesNotHaveDuplicates());
            assertThat(total(given))
                    .as("a batch more for each kill at the most")
                    .isBetween(ids.size(), ids.size() + KILLS * BATCH);
        }
    }

    /** What each node gave until these were given, and nothing was left that has to go. */
    private static List<List<String>> givenByNodes(TestDatabase database, Task task, Set<String> ids) throws Exception {
        List<NoticeProcess> alive = new ArrayList<>();
        List<List<String>> given = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                alive.add(NoticeProcess.start(database, task));
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = kill * ids.size() / 4;
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(7))
                        .until(() -> total(now(alive, given)) >= enough);
                NoticeProcess busy = busiest(alive);
                busy.kill();
                alive.remove(busy);
                given.add(busy.given());
                assertThat(lost(database, task, ids, now(alive, given)))
                        .as("gone, and given to nobody")
                        .isEmpty();
                database.execute(FIVE_MINUTES_LATER);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> now(alive, given).stream()
                            .flatMap(List::stream)
                            .collect(Collectors.toSet())
                            .containsAll(ids));
            if (task == Task.EXPORT) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> trail(database).size() == 1);
            }
        } finally {
            for (NoticeProcess node : alive) {
                node.close();
            }
        }
        return now(alive, given);
    }

    private static Set<String> issue(TestDatabase database) {
        Set<String> ids = new HashSet<>();
        try (KeyService keys = KeyService.builder(database.store(2))
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, KeyPolicy.MAX_ACTIVE_KEYS))
                .build()) {
            for (int i = 0; i < KEYS; i++) {
                KeySpec spec = KeySpec.forUser("user" + i, "org_1")
                        .named("CRM")
                        .mode(Mode.READ)
                        .expiresIn(Duration.ofDays(1));
                ids.add(keys.issue(spec).key().id().toString());
            }
        }
        return ids;
    }

    /** Old entries, without the latest of them, which stays. */
    private static Set<String> append(TestDatabase database) {
        ApiKey key = new SampleKey().build();
        Instant first = Instant.now().minus(Duration.ofDays(30));
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.add(SampleKey.audit(key, AuditEvent.UPDATED, first.plusMillis(i)));
        }
        database.store(1).appendAudit(entries);
        return entries.subList(0, ENTRIES - 1).stream()
                .map(entry -> entry.id().toString())
                .collect(Collectors.toSet());
    }

    /** Entries that are gone from the trail, though no node gave them. */
    private static Set<String> lost(TestDatabase database, Task task, Set<String> ids, List<List<String>> given) {
        Set<String> lost = new HashSet<>();
        if (task == Task.EXPORT) {
            lost.addAll(ids);
            lost.removeAll(trail(database));
            given.forEach(lost::removeAll);
        }
        return lost;
    }

    private static Set<String> trail(TestDatabase database) {
        Set<String> ids = new HashSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM api_key_audit")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<List<String>> now(List<NoticeProcess> alive, List<List<String>> given) {
        List<List<String>> all = new ArrayList<>(given);
        alive.forEach(node -> all.add(node.given()));
        return all;
    }

    private static int total(List<List<String>> given) {
        return given.stream().mapToInt(List::size).sum();
    }

    /** The one that has the task: others were not given it. */
    private static NoticeProcess busiest(List<NoticeProcess> alive) {
        return alive.stream()
                .max((one, other) ->
                        Integer.compare(one.given().size(), other.given().size()))
                .orElseThrow();
    }

    /** Puts down what must not happen, and among how many. */
    private static void put(
            Figures figures, DatabaseServer server, String what, Set<String> ids, List<List<String>> given) {
        Set<String> all = given.stream().flatMap(List::stream).collect(Collectors.toSet());
        long missing = ids.stream().filter(id -> !all.contains(id)).count();
        long twice = given.stream()
                .mapToLong(one -> one.size() - new HashSet<>(one).size())
                .sum();
        String nodes = ", " + NODES + " processes, " + KILLS + " killed";
        figures.count(what + " given by no node" + nodes, server, ids.size(), missing);
        figures.count(what + " given twice by one node" + nodes, server, total(given), twice);
    }
}
