package dev.apikeys.jdbi;

import dev.apikeys.Page.Count;
import dev.apikeys.jdbi.Conditions.Clause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/**
 * How many rows a list has: counted up to a bound, which costs about as much as a page, and beyond it as the planner of the
 * database estimates, which costs no more than planning a statement. An estimate is never less than what was counted. It is
 * as good as the statistics of the table: mostly within some percent for one condition, out by a factor for conditions that
 * depend on each other.
 *
 * <p>Immutable and thread-safe.
 *
 * @param database the database, which knows how it explains a statement
 */
record BoundedCount(Database database) {
    /** In the first line of a plan of PostgreSQL. */
    private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

    /** A number of rows, and how it was found. */
    record Total(long rows, Count count) {}

    /** The rows of the table that meet the conditions. H2 counts all of them: it keeps small tables, and estimates none. */
    Total of(Handle handle, String table, Conditions conditions) {
        if (database == Database.H2) {
            String sql = "SELECT COUNT(*) FROM " + table + conditions.where();
            return new Total(number(handle, new Clause(sql, List.of(conditions.values()))), Count.EXACT);
        }
        long found = number(handle, counting(table, conditions));
        if (conditions.mayOverlap() && !isBeyond(handle, table, conditions, found)) {
            found = number(handle, distinct(table, conditions));
        }
        return found > conditions.counted()
                ? new Total(Math.max(estimate(handle, table, conditions), found), Count.ESTIMATE)
                : new Total(found, Count.EXACT);
    }

    /** Whether one of the alternatives alone has more rows than are counted, so that no row is counted twice to get there. */
    private static boolean isBeyond(Handle handle, String table, Conditions conditions, long found) {
        return found > conditions.counted()
                && conditions.alternatives().stream()
                        .anyMatch(part -> number(handle, counting(table, part)) > conditions.counted());
    }

    /** Of alternatives that may overlap the largest one is counted on, since nothing tells how much they do. */
    private long estimate(Handle handle, String table, Conditions conditions) {
        LongStream estimates = parts(conditions).stream().mapToLong(part -> estimateOne(handle, table, part));
        return conditions.mayOverlap() ? estimates.max().orElse(0) : estimates.sum();
    }

    /**
     * The statement that counts up to the bound, and one more. A row that meets several alternatives is counted for each. With
     * the order of the list PostgreSQL may count a search in it: what many rows contain is found sooner there than by looking
     * all of them up in an index of trigrams.
     */
    static Clause counting(String table, Conditions conditions) {
        return counting(table, conditions, " UNION ALL ");
    }

    /** Counts each row once. */
    private static Clause distinct(String table, Conditions conditions) {
        return counting(table, conditions, " UNION ");
    }

    private static Clause counting(String table, Conditions conditions, String union) {
        String limit = " LIMIT " + (conditions.counted() + 1);
        String order = conditions.isSearch() ? " ORDER BY created_at DESC, id DESC" : "";
        List<Conditions> parts = parts(conditions);
        String end = parts.size() == 1 ? ") counted" : limit + ") counted";
        return new Clause(
                parts.stream()
                        .map(part -> "(SELECT id FROM " + table + part.where() + order + limit + ")")
                        .collect(Collectors.joining(union, "SELECT COUNT(*) FROM (", end)),
                parts.stream().flatMap(part -> Arrays.stream(part.values())).toList());
    }

    private static List<Conditions> parts(Conditions conditions) {
        return conditions.hasAlternatives() ? conditions.alternatives() : List.of(conditions);
    }

    private static long number(Handle handle, Clause count) {
        return handle.select(count.sql(), count.values().toArray())
                .mapTo(Long.class)
                .one();
    }

    private long estimateOne(Handle handle, String table, Conditions conditions) {
        String explained = "SELECT id FROM " + table + conditions.where();
        if (database == Database.POSTGRESQL) {
            Matcher rows = ROWS.matcher(handle.select("EXPLAIN " + explained, conditions.values())
                    .mapTo(String.class)
                    .first());
            return rows.find() ? Long.parseLong(rows.group(1)) : 0;
        }
        // Only with this word MariaDB says which share of the rows of an index is left; MySQL always does.
        return Math.round(
                handle
                        .select("EXPLAIN /*M! EXTENDED */ " + explained, conditions.values())
                        .map((row, context) -> share(row))
                        .stream()
                        .reduce(1.0, (one, other) -> one * other));
    }

    /** The rows that one table of a plan gives for each row of the ones before. */
    private static double share(ResultSet row) throws SQLException {
        boolean isSubquery = row.getInt("id") != 1;
        return isSubquery ? 1 : row.getDouble("rows") * row.getDouble("filtered") / 100;
    }
}
