package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.KeyPolicy;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Owner;
import dev.apikeys.testkit.Race;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An owner's limit holds however many nodes issue at once. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class LimitRaceTest {
    private static final int NODES = 4;
    private static final int THREADS = 64;
    private static final int LIMIT = 10;

    @ParameterizedTest
    @EnumSource
    void issue_manyThreadsOnManyNodes_stopsExactlyAtTheLimit(DatabaseServer server, Figures figures) throws Exception {
        race(server, 3, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void issue_manyRounds_stopsExactlyAtTheLimit(DatabaseServer server, Figures figures) throws Exception {
        race(server, 20, figures);
    }

    private static void race(DatabaseServer server, int rounds, Figures figures) throws Exception {
        long over = 0;
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            for (int i = 0; i < NODES; i++) {
                nodes.add(
                        database.store(8),
                        settings -> settings.lease(LeasePolicy.DEFAULT)
                                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, LIMIT)));
            }
            for (int round = 0; round < rounds; round++) {
                String user = "user" + round;
                List<Boolean> issued = Race.between(THREADS, i -> () -> {
                    try {
                        Nodes.issue(nodes.get(i % NODES), user);
                        return true;
                    } catch (KeyLimitExceededException full) {
                        return false;
                    }
                });
                int stored = nodes.get(0)
                        .listAll(KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user(user, "org_1")))
                        .size();
                over += Math.max(0, stored - LIMIT);
                assertThat(issued.stream().filter(done -> done)).hasSize(LIMIT);
                assertThat(stored).isEqualTo(LIMIT);
            }
        }
        figures.count("keys over the limit, 64 threads on 4 nodes", server, (long) rounds * THREADS, over);
    }
}
