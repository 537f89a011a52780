package dev.apikeys.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.Owner;
import java.util.Arrays;
import java.util.Locale;

/** The database that {@code benchmarks/lists-at-scale/load.sh} has filled, and how figures about it are printed. */
final class LargeDatabase {
    /** Who has 1 % of all keys, nearly all of them revoked. */
    static final Owner HOARDER = Owner.user("hoarder", "org_hoarder");

    private static final double MILLI = 1e6;

    private LargeDatabase() {}

    /** Connections to a JDBC URL, with a user and a password. */
    static HikariDataSource pool(String[] arguments) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername(arguments[1]);
        config.setPassword(arguments[2]);
        return new HikariDataSource(config);
    }

    /** Median and 99th percentile of the first so many times, in milliseconds, for two cells of a table. Sorts the times. */
    static String percentiles(long[] nanos, int calls) {
        Arrays.sort(nanos, 0, calls);
        return String.format(
                Locale.ROOT, "%.1f | %.1f", nanos[calls / 2] / MILLI, nanos[(calls - 1) * 99 / 100] / MILLI);
    }
}
