package dev.apikeys.jdbi;

import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Pages of a table with {@code created_at} and {@code id}, newest first, or in another order. The rows of a page are first
 * found and then read, so skipped rows cost little; the newest are found in an index. For a page behind the last row, rows
 * are only counted.
 *
 * <p>Immutable and thread-safe.
 *
 * @param table the table, without an alias
 * @param columns the columns for the mapper
 * @param joined {@code JOIN}s that begin at {@code p.id}, the id of a row on the page
 * @param alias the alias of the table in the joins
 * @param mapper reads a row
 */
record Listing<T>(String table, String columns, String joined, String alias, RowMapper<T> mapper) {
    Page<T> page(Handle handle, Conditions conditions, PageRequest page) {
        return page(handle, conditions, page, RowOrder.NEWEST_FIRST);
    }

    Page<T> page(Handle handle, Conditions conditions, PageRequest page, RowOrder order) {
        long total = handle.select("SELECT COUNT(*) FROM " + table + conditions.where(), conditions.values())
                .mapTo(Long.class)
                .one();
        if (page.offset() >= total) {
            return new Page<>(List.of(), total);
        }
        return new Page<>(items(handle, conditions, page, order), total);
    }

    /** The rows of the page. */
    List<T> items(Handle handle, Conditions conditions, PageRequest page, RowOrder order) {
        Conditions here = conditions.from(page);
        return handle.select(
                        "SELECT " + columns
                                + " FROM (SELECT id" + order.selected() + " FROM " + table + here.where()
                                + " ORDER BY " + order.ofTable() + " LIMIT ? OFFSET ?) p " + joined
                                + " ORDER BY " + order.ofRows(alias),
                        here.values(page.limit(), page.offset()))
                .map(mapper)
                .list();
    }
}
