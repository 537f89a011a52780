package dev.apikeys.jdbi;

import dev.apikeys.KeyOrder;

/**
 * The order of the rows of a page: by a value, rows without it last, and then the newest first. The value is computed
 * once, when the rows are found.
 *
 * @param value SQL for the value, in the table without an alias; empty for the newest first
 * @param direction {@code ASC} or {@code DESC}
 */
record RowOrder(String value, String direction) {
    private static final String LAST_USE =
            "(SELECT used.last_used_at FROM api_key_usage used WHERE used.key_id = api_key.id)";

    /** The search text begins with the name in one case, and goes on with the owner, which has no part in the order. */
    private static final String NAME =
            "SUBSTRING(search_text FROM 1 FOR POSITION('" + SearchText.SEPARATOR + "' IN search_text))";

    /** The order of keys. */
    static RowOrder of(KeyOrder order) {
        String direction = order.direction().name();
        return switch (order.by()) {
            case CREATED_AT -> new RowOrder("", direction);
            case NAME -> new RowOrder(NAME, direction);
            case EXPIRES_AT -> new RowOrder("expires_at", direction);
            case LAST_USED_AT -> new RowOrder(LAST_USE, direction);
        };
    }

    /** Whether it is the order of age, newest or oldest first. */
    boolean isByAge() {
        return value.isEmpty();
    }

    /** What the inner query selects for the outer one, behind a comma. */
    String selected() {
        return value.isEmpty() ? "" : ", " + value + " AS sort_value";
    }

    /** The order of the inner query. */
    String ofTable() {
        return value.isEmpty() ? age("", direction) : byValue(value) + age("", "DESC");
    }

    /** The order of the outer query, where the rows have this alias. */
    String ofRows(String alias) {
        return value.isEmpty() ? age(alias + ".", direction) : byValue("p.sort_value") + age(alias + ".", "DESC");
    }

    private String byValue(String sql) {
        return "CASE WHEN " + sql + " IS NULL THEN 1 ELSE 0 END, " + sql + " " + direction + ", ";
    }

    private static String age(String prefix, String direction) {
        return prefix + "created_at " + direction + ", " + prefix + "id " + direction;
    }
}
