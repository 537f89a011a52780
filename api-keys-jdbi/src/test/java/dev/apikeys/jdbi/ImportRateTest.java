package dev.apikeys.jdbi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A million keys into PostgreSQL by a process with 64 MB of heap, beside COPY of the same rows into the same tables with
 * their indexes.
 */
@Tag("endurance")
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ImportRateTest {
    private static final int ROWS = Integer.getInteger("import.rows", 1_000_000);
    private static final List<String> TABLES =
            List.of("api_key_owner", "api_key", "api_key_credential", "api_key_audit");

    @Test
    void import_aMillionKeys_isAtLeastHalfAsFastAsCopy(@TempDir Path directory, Figures figures) throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                TestDatabase copied = DatabaseServer.POSTGRESQL.newDatabase()) {
            database.store(1);
            copied.store(1);
            database.execute("CHECKPOINT");
            Process importing = ImportProcess.start(database, ROWS, 1_000);
            String[] report = importing
                    .inputReader(UTF_8)
                    .lines()
                    .reduce("", (before, line) -> line)
                    .split(" ", -1);
            assertThat(report[0]).isEqualTo("done");
            assertThat(report[2]).isEqualTo(Integer.toString(ROWS));
            long imported = Long.parseLong(report[1]);

            for (String table : TABLES) {
                copyOut(database, table, directory.resolve(table));
            }
            database.execute("CHECKPOINT");
            long began = System.nanoTime();
            for (String table : TABLES) {
                copyIn(copied, table, directory.resolve(table));
            }
            long copy = System.nanoTime() - began;

            assertThat(copied.number("SELECT COUNT(*) FROM api_key")).isEqualTo(ROWS);
            figures.measured("import", "POSTGRESQL, 1 M keys", new long[] {imported});
            figures.measured("import, COPY of the same rows", "POSTGRESQL, 1 M keys", new long[] {copy});
            figures.ratio("import, beside COPY", "POSTGRESQL", ROWS, (double) imported / copy, 2);
        }
    }

    private static void copyOut(TestDatabase database, String table, Path file) throws Exception {
        try (Connection connection = database.connect();
                Writer writer = Files.newBufferedWriter(file)) {
            manager(connection).copyOut("COPY " + table + " TO STDOUT", writer);
        }
    }

    private static void copyIn(TestDatabase database, String table, Path file) throws Exception {
        try (Connection connection = database.connect();
                Reader reader = Files.newBufferedReader(file)) {
            manager(connection).copyIn("COPY " + table + " FROM STDIN", reader, 1 << 16);
        }
    }

    private static CopyManager manager(Connection connection) throws Exception {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}
