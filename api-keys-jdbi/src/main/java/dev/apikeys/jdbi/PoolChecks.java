package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Whether there are enough connections. */
final class PoolChecks {
    private static final String CHECK = "pool";

    /** One for changes, one for a look-up meanwhile. */
    private static final int FEWEST = 2;

    private PoolChecks() {}

    /** What the pool says of itself; nothing where it is no HikariCP pool. */
    static List<Finding> pool(DataSource dataSource) {
        int size = HikariSettings.size(dataSource);
        if (size == 0) {
            return List.of();
        }
        return List.of(
                size < FEWEST ? tooSmall(size) : Finding.ok(CHECK, "the pool has up to " + size + " connections"));
    }

    /** Whether the server has enough for all nodes; each has a pool, and a poller's connection beside it. */
    static List<Finding> server(Probe probe, Database database, int nodes, int poolSize) throws SQLException {
        if (poolSize < FEWEST) {
            return List.of(tooSmall(poolSize));
        }
        long most = most(probe, database);
        long needed = (poolSize + 1L) * nodes;
        if (most == 0) {
            return List.of(Finding.ok(CHECK, "the server doesn't limit connections"));
        }
        return List.of(
                needed <= most
                        ? Finding.ok(CHECK, "the services need " + needed + " connections of " + most)
                        : Finding.problem(
                                CHECK,
                                "the services need " + needed + " connections, and the server gives at most " + most,
                                "raise max_connections or the user's limit, or make the pools smaller; each node needs"
                                        + " its pool and one connection more"));
    }

    private static Finding tooSmall(int size) {
        return Finding.problem(
                CHECK,
                "a pool of " + size + " connection is too small: a look-up waits for every change",
                "allow at least " + FEWEST + " connections, better 10");
    }

    /** How many connections this user gets; 0 if it isn't limited. */
    private static long most(Probe probe, Database database) throws SQLException {
        return switch (database) {
            case H2 -> 0;
            case POSTGRESQL -> {
                long all = probe.number("SELECT current_setting('max_connections')::int"
                        + " - current_setting('superuser_reserved_connections')::int");
                long own = probe.number("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user");
                yield own < 0 ? all : Math.min(all, own);
            }
            case MARIADB -> {
                long all = probe.number("SELECT @@GLOBAL.max_connections");
                long own = probe.number("SELECT @@SESSION.max_user_connections");
                yield own == 0 ? all : Math.min(all, own);
            }
        };
    }
}
