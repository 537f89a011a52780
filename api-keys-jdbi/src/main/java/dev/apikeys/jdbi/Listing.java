package dev.apikeys.jdbi;

import dev.apikeys.Page;
import dev.apikeys.Page.Count;
import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.Conditions.Clause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Pages of a table with {@code created_at} and {@code id}, newest first, or in another order. The rows of a page are first
 * found and then read, so skipped rows cost little; the newest are found in an index. Rows are counted only if the page
 * doesn't show how many there are, and only up to a bound; see {@link BoundedCount}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param table the table, without an alias
 * @param rows what is read of the rows of a page
 * @param mapper reads a line; a record may have several
 * @param records makes records of lines
 */
record Listing<L, T>(String table, Rows rows, RowMapper<L> mapper, Function<List<L>, List<T>> records) {
    /** A page that begins behind so many times the estimate is empty: no estimate is so wrong, and the way would be long. */
    private static final int BEYOND = 2;

    /**
     * What is read of the rows of a page.
     *
     * @param columns the columns for the mapper
     * @param joined {@code JOIN}s that begin at {@code p.id}, the id of a row on the page
     * @param alias the alias of the table in the joins
     */
    record Rows(String columns, String joined, String alias) {}

    /** One page, and how many rows there are. */
    Page<T> page(Handle handle, Conditions conditions, PageRequest page, BoundedCount counting) {
        if (page.offset() > conditions.counted()) {
            return farPage(handle, conditions, page, counting);
        }
        List<T> items = items(handle, conditions, page);
        return isEnd(items, page) || (items.isEmpty() && page.offset() == 0 && page.after() == null)
                ? new Page<>(items, page.offset() + items.size())
                : counted(items, page, counting.of(handle, table, conditions));
    }

    /** Skipping many rows is only worth its time where there may be as many. */
    private Page<T> farPage(Handle handle, Conditions conditions, PageRequest page, BoundedCount counting) {
        BoundedCount.Total total = counting.of(handle, table, conditions);
        long end = total.count() == Count.EXACT ? total.rows() : BEYOND * total.rows();
        if (page.offset() >= end) {
            return new Page<>(List.of(), total.rows(), total.count());
        }
        List<T> items = items(handle, conditions, page);
        return isEnd(items, page) ? new Page<>(items, page.offset() + items.size()) : counted(items, page, total);
    }

    /** Whether this is the last page of a list that was read from its beginning. */
    private boolean isEnd(List<T> items, PageRequest page) {
        return page.after() == null && !items.isEmpty() && items.size() < page.limit();
    }

    /** An estimate must not hide the page that follows a full one. */
    private Page<T> counted(List<T> items, PageRequest page, BoundedCount.Total total) {
        boolean estimated = total.count() == Count.ESTIMATE && items.size() == page.limit();
        long atLeast = estimated ? page.offset() + items.size() + 1 : 0;
        return new Page<>(items, Math.max(total.rows(), atLeast), total.count());
    }

    /** The rows of the page. */
    List<T> items(Handle handle, Conditions conditions, PageRequest page) {
        Clause select = select(conditions, page);
        return records.apply(handle.select(select.sql(), select.values().toArray())
                .map(mapper)
                .list());
    }

    /** The statement that reads the page. */
    Clause select(Conditions conditions, PageRequest page) {
        RowOrder order = RowOrder.of(page.order());
        Conditions here = conditions.from(page);
        Clause found = order.isByAge() ? foundByAge(here, page, order) : foundAtOnce(here);
        List<Object> values = new ArrayList<>(found.values());
        values.add(page.limit());
        values.add(page.offset());
        return new Clause(
                "SELECT " + rows.columns() + " FROM (SELECT id" + order.selected() + " FROM " + found.sql()
                        + " ORDER BY "
                        + order.ofTable() + " LIMIT ? OFFSET ?) p " + rows.joined() + " ORDER BY "
                        + order.ofRows(rows.alias()),
                values);
    }

    private Clause foundByAge(Conditions here, PageRequest page, RowOrder order) {
        if (here.hasAlternatives()) {
            return foundApart(here, page, order);
        }
        return here.expiredAt()
                .map(at -> Lifetimes.expired(at, here, page, order))
                .orElseGet(() -> foundAtOnce(here));
    }

    private Clause foundAtOnce(Conditions here) {
        return new Clause(table + here.where(), List.of(here.values()));
    }

    /** The rows of the page and those before it, of each alternative from its own index. */
    private Clause foundApart(Conditions here, PageRequest page, RowOrder order) {
        List<Object> values = new ArrayList<>();
        String sql = here.alternatives().stream()
                .map(one -> {
                    values.addAll(List.of(one.values(page.offset() + page.limit())));
                    return "(SELECT id, created_at FROM " + table + one.where() + " ORDER BY " + order.ofTable()
                            + " LIMIT ?)";
                })
                .collect(Collectors.joining(" UNION ", "(", ") u"));
        return new Clause(sql, values);
    }
}
