package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three nodes that are processes give notices; two of them are killed in the middle of it. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
class NoticeNodesTest {
    private static final int KEYS = 90;
    private static final String FIVE_MINUTES_LATER = "UPDATE api_key_task SET held_until = 0";

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void nodes_ofWhichTwoAreKilled_giveEachNoticeAtLeastOnce_andNoneTwiceByOneNode(DatabaseServer server)
            throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            Set<String> ids = issue(database);
            List<NoticeProcess> alive = new ArrayList<>();
            List<List<String>> given = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    alive.add(NoticeProcess.start(database));
                }
                for (int kill = 1; kill <= 2; kill++) {
                    int enough = kill * KEYS / 4;
                    await().atMost(Duration.ofSeconds(60)).until(() -> total(alive, given) >= enough);
                    NoticeProcess busy = busiest(alive);
                    busy.kill();
                    alive.remove(busy);
                    given.add(busy.given());
                    database.execute(FIVE_MINUTES_LATER);
                }
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> all(alive, given).containsAll(ids));
            } finally {
                for (NoticeProcess node : alive) {
                    node.close();
                }
            }
            alive.forEach(node -> given.add(node.given()));
            assertThat(given).allSatisfy(one -> assertThat(one).doesNotHaveDuplicates());
            int total = given.stream().mapToInt(List::size).sum();
            assertThat(total).as("one more for each kill at the most").isBetween(KEYS, KEYS + 2);
        }
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

    private static int total(List<NoticeProcess> alive, List<List<String>> given) {
        return alive.stream().mapToInt(node -> node.given().size()).sum()
                + given.stream().mapToInt(List::size).sum();
    }

    private static Set<String> all(List<NoticeProcess> alive, List<List<String>> given) {
        Set<String> all = new HashSet<>();
        given.forEach(all::addAll);
        alive.forEach(node -> all.addAll(node.given()));
        return all;
    }

    /** The one that has the task: others were not given it. */
    private static NoticeProcess busiest(List<NoticeProcess> alive) {
        return alive.stream()
                .max((one, other) ->
                        Integer.compare(one.given().size(), other.given().size()))
                .orElseThrow();
    }
}
