package dev.apikeys.jdbi;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeySearch;
import dev.apikeys.jdbi.Conditions.Clause;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where a search among the keys of many owners looks in this database, and what it has an index for.
 *
 * <p>Immutable and thread-safe.
 *
 * @param where where it looks
 * @param nameStart SQL for what the index of beginnings holds: the search text, or its first characters
 * @param database the database
 * @param sample search texts of some keys, if they are needed
 */
record TextSearch(KeySearch where, String nameStart, Database database, List<String> sample) {
    /** How many characters of the search text an index of beginnings holds: a whole text may be too long for an index. */
    static final int INDEXED_CHARACTERS = 64;

    /** An index that is still being made, or whose making was stopped, is there and is not read. */
    private static final String FIND_TRIGRAMS =
            "SELECT COUNT(*) > 0 FROM pg_index WHERE indexrelid = to_regclass('api_key_by_text') AND indisvalid";

    private static final String CONTAINS = "search_text LIKE ? ESCAPE '!'";

    /** Not the column itself: its index would be asked for every trigram of the text. */
    private static final String CONTAINS_BY_READING = "search_text || '' LIKE ? ESCAPE '!'";

    /** In the part before the first separator. */
    private static final String IN_NAME =
            "SUBSTRING(search_text FROM 1 FOR POSITION(? IN search_text)) LIKE ? ESCAPE '!'";

    TextSearch(KeySearch where, String nameStart, Database database) {
        this(where, nameStart, database, List.of());
    }

    /**
     * What the database can do.
     *
     * @param wanted what the host wants, or null for the widest search
     */
    static TextSearch of(Connection connection, Database database, @Nullable KeySearch wanted) throws SQLException {
        boolean trigrams = hasTrigrams(connection, database);
        KeySearch widest = trigrams ? KeySearch.ANYWHERE_FROM_THREE : KeySearch.ANYWHERE;
        boolean beginsShort = database == Database.POSTGRESQL && !trigrams;
        return new TextSearch(
                wanted == null ? widest : wanted,
                beginsShort ? "LEFT(search_text, " + INDEXED_CHARACTERS + ")" : "search_text",
                database);
    }

    /** This search, with a sample of the keys if the text of the filter needs one. */
    TextSearch sampled(Handle handle, KeyFilter filter) {
        boolean isWorthIt = where == KeySearch.ANYWHERE_FROM_THREE
                && database == Database.POSTGRESQL
                && !filter.isOneOwner()
                && filter.search()
                        .filter(text -> RareTrigrams.isWorthASample(KeySearch.fold(text)))
                        .isPresent();
        return isWorthIt ? new TextSearch(where, nameStart, database, RareTrigrams.sample(handle)) : this;
    }

    /** The condition that a part of name and owner contains the text. */
    Clause containing(String folded) {
        String pattern = SearchText.containing(folded);
        List<String> rare = RareTrigrams.of(folded, sample);
        if (rare.isEmpty()) {
            return Clause.of(CONTAINS, pattern);
        }
        List<Object> patterns = new ArrayList<>();
        rare.forEach(trigram -> patterns.add(SearchText.containing(trigram)));
        patterns.add(pattern);
        return new Clause((CONTAINS + " AND ").repeat(rare.size()) + CONTAINS_BY_READING, patterns);
    }

    /** The condition that the name contains the text. An owner may have so many keys that an index finds them sooner. */
    Clause containingInName(String folded) {
        String pattern = SearchText.containing(folded);
        return where == KeySearch.ANYWHERE_FROM_THREE
                ? Clause.of(CONTAINS + " AND " + IN_NAME, pattern, SearchText.SEPARATOR, pattern)
                : Clause.of(IN_NAME, SearchText.SEPARATOR, pattern);
    }

    /** Whether there is an index of trigrams that the database reads. */
    static boolean hasTrigrams(Connection connection, Database database) throws SQLException {
        if (database != Database.POSTGRESQL) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FIND_TRIGRAMS)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
