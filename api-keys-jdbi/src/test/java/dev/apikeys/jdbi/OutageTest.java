package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ClientRequest;
import dev.apikeys.Freshness;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The database dies and comes back; a node is cut off from it and finds it again. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class OutageTest {
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final long Y = STRICT.trust().toNanos();

    @TempDir
    Path directory;

    @Test
    void database_killedUnderLoad_costsNoWrongAnswerAndComesBack(Figures figures) throws Exception {
        killDatabase(1, figures);
    }

    @Tag("endurance")
    @Test
    void database_killedManyTimesUnderLoad_costsNoWrongAnswerAndComesBack(Figures figures) throws Exception {
        killDatabase(5, figures);
    }

    /** F1. */
    private void killDatabase(int times, Figures figures) throws Exception {
        long[] recoveries = new long[2 * times];
        long wrongAccepts = 0;
        long wrongRefusals = 0;
        long stale = 0;
        try (KillablePostgres server = new KillablePostgres(directory);
                Nodes nodes = new Nodes()) {
            KeyService balanced = nodes.add(store(server.database()), LeasePolicy.DEFAULT);
            KeyService strict = nodes.add(store(server.database()), STRICT);
            for (int i = 0; i < times; i++) {
                IssuedKey good = Nodes.issue(balanced, "alice");
                IssuedKey bad = Nodes.issue(balanced, "bob");
                IssuedKey unseen = Nodes.issue(balanced, "carol");
                try (Oracle goodBalanced = Oracle.asking(balanced, good.token().reveal());
                        Oracle goodStrict = Oracle.asking(strict, good.token().reveal());
                        Oracle badBalanced = Oracle.asking(balanced, bad.token().reveal());
                        Oracle badStrict = Oracle.asking(strict, bad.token().reveal())) {
                    List<Oracle> bads = List.of(badBalanced, badStrict);
                    await().until(() -> goodBalanced.hasAccepted()
                            && goodStrict.hasAccepted()
                            && bads.stream().allMatch(Oracle::hasAccepted));
                    balanced.revoke(Nodes.ref(bad), Nodes.ADMIN, "");
                    await().until(() -> bads.stream().allMatch(Oracle::hasRefused));
                    long revoked = System.nanoTime();
                    server.kill();
                    await().until(() -> goodBalanced.staleAccepts.get() > 0 && goodStrict.unavailable.get() > 0);
                    assertThatThrownBy(() ->
                                    balanced.verify(good.token().reveal(), ClientRequest.NONE, Freshness.CONFIRMED))
                            .isInstanceOf(StoreUnavailableException.class);
                    assertThatThrownBy(() -> balanced.verify(unseen.token().reveal()))
                            .isInstanceOf(StoreUnavailableException.class);
                    Nodes.letPass(Duration.ofMillis(500));
                    goodBalanced.awaitNextConfirmed();
                    goodStrict.awaitNextConfirmed();
                    long back = server.restart();
                    await().until(() -> goodBalanced.hasConfirmed() && goodStrict.hasConfirmed());
                    recoveries[2 * i] = Math.max(0, goodBalanced.firstConfirmedEnded() - back);
                    recoveries[2 * i + 1] = Math.max(0, goodStrict.firstConfirmedEnded() - back);
                    stale += goodBalanced.staleAccepts.get();
                    assertThat(goodStrict.staleAccepts).hasValue(0);
                    for (Oracle oracle : bads) {
                        wrongAccepts += oracle.lastAcceptAfter(revoked) > 0 ? 1 : 0;
                    }
                    wrongRefusals += goodBalanced.refusals.get() + goodStrict.refusals.get();
                    await().until(() -> Nodes.accepts(balanced, unseen.token().reveal()));
                }
            }
        }
        figures.count("wrong accepts, database killed", "POSTGRESQL", times, wrongAccepts);
        figures.count("wrong refusals, database killed", "POSTGRESQL", times, wrongRefusals);
        boolean soon = figures.within("recovery after a kill of the database", "POSTGRESQL", recoveries, 1_000);
        assertThat(wrongAccepts).isZero();
        assertThat(wrongRefusals).isZero();
        assertThat(stale).isPositive();
        assertThat(soon).isTrue();
    }

    /** A pool that soon says when no connection is available. */
    private static JdbiApiKeyStore store(TestDatabase database) {
        HikariDataSource pool = database.pool(4);
        JdbiApiKeyStore store =
                JdbiApiKeyStore.builder(pool).feedDataSource(database.plain()).build();
        pool.setConnectionTimeout(500);
        return store;
    }

    private enum Cut {
        REFUSED,
        SWALLOWED
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void node_cutOffWhileOthersRevoke_acceptsNoLongerThanItsProfileSays(DatabaseServer server, Figures figures)
            throws Exception {
        cutOff(server, 1, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void node_cutOffAgainAndAgain_acceptsNoLongerThanItsProfileSays(DatabaseServer server, Figures figures)
            throws Exception {
        cutOff(server, 5, figures);
    }

    /** F3. */
    private static void cutOff(DatabaseServer server, int times, Figures figures) throws Exception {
        Duration grace = Duration.ofSeconds(1);
        long bound = Y + grace.toNanos();
        List<Long> strictAccepts = new ArrayList<>();
        List<Long> balancedAccepts = new ArrayList<>();
        List<Long> recoveries = new ArrayList<>();
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                Nodes nodes = Nodes.of(1, database, STRICT)) {
            TestDatabase behind = proxy.over(database);
            KeyService revoking = nodes.get(0);
            KeyService strict = nodes.add(store(behind), STRICT);
            KeyService balanced = nodes.add(store(behind), LeasePolicy.DEFAULT.balanced(grace));
            for (int i = 0; i < times; i++) {
                for (Cut cut : Cut.values()) {
                    IssuedKey key = Nodes.issue(revoking, "alice");
                    IssuedKey other = Nodes.issue(revoking, "bob");
                    try (Oracle onStrict = Oracle.asking(strict, key.token().reveal());
                            Oracle onBalanced =
                                    Oracle.asking(balanced, key.token().reveal());
                            Oracle stays = Oracle.asking(strict, other.token().reveal())) {
                        await().until(() -> onStrict.hasAccepted() && onBalanced.hasAccepted() && stays.hasAccepted());
                        if (cut == Cut.REFUSED) {
                            proxy.refuse();
                        } else {
                            proxy.swallow();
                        }
                        revoking.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                        long returned = System.nanoTime();
                        Nodes.letPass(Duration.ofNanos(bound).plusMillis(500));
                        strictAccepts.add(onStrict.lastAcceptAfter(returned));
                        balancedAccepts.add(onBalanced.lastAcceptAfter(returned));
                        assertThat(onStrict.refusals)
                                .as("an outage is no refusal")
                                .hasValue(0);
                        stays.awaitNextConfirmed();
                        long back = System.nanoTime();
                        proxy.forward();
                        await().atMost(20, TimeUnit.SECONDS)
                                .until(() -> stays.hasConfirmed() && onStrict.hasRefused() && onBalanced.hasRefused());
                        recoveries.add(stays.firstConfirmedEnded() - back);
                        assertThat(onStrict.lastAcceptAfter(returned)).isEqualTo(last(strictAccepts));
                        assertThat(onBalanced.lastAcceptAfter(returned)).isEqualTo(last(balancedAccepts));
                    } finally {
                        proxy.forward();
                    }
                }
            }
            behind.close();
        }
        boolean yKept = figures.within("late accepts, node cut off, strict", server, nanos(strictAccepts), Y / 1e6);
        boolean gKept = figures.within(
                "late accepts, node cut off, balanced, G = 1 s", server, nanos(balancedAccepts), bound / 1e6);
        boolean soon = figures.within("recovery after a cut line", server, nanos(recoveries), 2_000);
        assertThat(yKept).isTrue();
        assertThat(gKept).isTrue();
        assertThat(soon).isTrue();
        assertThat(balancedAccepts).as("the grace is given").allMatch(late -> late > Y);
    }

    private static long last(List<Long> values) {
        return values.get(values.size() - 1);
    }

    private static long[] nanos(List<Long> values) {
        return values.stream().mapToLong(n -> n).toArray();
    }
}
