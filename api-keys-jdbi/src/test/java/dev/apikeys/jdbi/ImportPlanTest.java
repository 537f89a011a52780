package dev.apikeys.jdbi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An import into empty tables looks up rows in their indexes. PostgreSQL keeps the plan of a statement that ran a few
 * times, and for an empty table that plan is to read all of it.
 */
@Tag("tr-skip") // Plans don't depend on the locale.
class ImportPlanTest {
    private static final int ROWS = 20_000;
    private static final int BATCH = 500;

    @Test
    void importIntoEmptyTables_doesNotReadThemWhole() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            database.store(1);
            Process importing = ImportProcess.start(database, ROWS, BATCH);
            assertThat(importing.inputReader(UTF_8).lines().anyMatch(line -> line.startsWith("done ")))
                    .isTrue();
            assertThat(importing.waitFor(60, TimeUnit.SECONDS)).isTrue();
            await().until(() -> statistic(database, "n_tup_ins", "api_key") == ROWS);

            // Else each batch would read what all before it wrote.
            for (String table : new String[] {"api_key", "api_key_credential", "api_key_owner"}) {
                assertThat(statistic(database, "seq_tup_read", table)).as(table).isLessThan(ROWS);
            }
        }
    }

    private static long statistic(TestDatabase database, String column, String table) throws Exception {
        return database.number("SELECT " + column + " FROM pg_stat_user_tables WHERE relname = '" + table + "'");
    }
}
