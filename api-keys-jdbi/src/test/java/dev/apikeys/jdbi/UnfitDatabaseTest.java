package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Databases that would fail later are refused when the store starts, with a message that says what to do. */
@Tag("tr-skip")
class UnfitDatabaseTest {
    private static void assertRefused(JdbiApiKeyStore.Builder settings, String... saying) {
        var thrown = assertThatThrownBy(settings::build).isInstanceOf(IllegalStateException.class);
        for (String part : saying) {
            thrown.hasMessageContaining(part);
        }
    }

    @Test
    void encoding_thatLacksCharacters_isRefused() throws Exception {
        TestDatabase postgres = DatabaseServer.POSTGRESQL.newDatabase();
        try (postgres) {
            String name = "latin" + System.nanoTime();
            postgres.execute(
                    "CREATE DATABASE " + name + " ENCODING 'LATIN9' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
            String url = postgres.url().replaceAll("/postgres\\?.*", "/" + name);
            try (TestDatabase latin = postgres.as(url, "postgres", "")) {
                assertRefused(JdbiApiKeyStore.builder(latin.plain()), "encoding", "UTF8");
                assertRefused(JdbiApiKeyStore.builder(latin.plain()).expectSchema(), "encoding");
            }
            postgres.execute("DROP DATABASE " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Oracle", "MSSQLServer", "Derby", "STRICT"})
    void modeOfH2_thatReadsOtherSql_isRefused(String mode) throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            TestDatabase other = database.as(database.url() + ";MODE=" + mode, database.user(), "");
            assertRefused(JdbiApiKeyStore.builder(other.plain()), "mode", "MODE PostgreSQL");
        }
    }

    @Test
    void modeOfMariaDb_thatKnowsNoEmptyText_isRefused() throws Exception {
        try (TestDatabase database = DatabaseServer.MARIADB.newDatabase()) {
            String url = database.url() + "?sessionVariables=sql_mode='EMPTY_STRING_IS_NULL'";
            assertRefused(
                    JdbiApiKeyStore.builder(
                            database.as(url, database.user(), "").plain()),
                    "EMPTY_STRING_IS_NULL");
        }
    }

    @Test
    void caseThatH2Ignores_isRefused() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            TestDatabase ignoring = database.as(database.url() + ";IGNORECASE=TRUE", database.user(), "");
            assertRefused(JdbiApiKeyStore.builder(ignoring.plain()), "without regard to case", "IGNORECASE");
        }
    }

    /** As somebody leaves them who converts every table of a database. */
    @ParameterizedTest
    @ValueSource(strings = {"utf8mb4_unicode_ci", "utf8mb4_bin"})
    void convertedTables_areRefused_andFound(String collation) throws Exception {
        try (TestDatabase database = DatabaseServer.MARIADB.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            database.execute("ALTER TABLE api_key CONVERT TO CHARACTER SET utf8mb4 COLLATE " + collation);
            assertRefused(JdbiApiKeyStore.builder(database.plain()), "without regard to case", "collations");
            assertRefused(JdbiApiKeyStore.builder(database.plain()).expectSchema(), "collations");
            assertThat(DatabaseDiagnosis.of(database.plain()).run().findings())
                    .filteredOn(finding -> finding.level() == Finding.Level.PROBLEM)
                    .extracting(Finding::found)
                    .contains("the tables compare texts without regard to case or to blanks at their end");
        }
    }

    private static TestDatabase readOnly(DatabaseServer server, TestDatabase database) {
        return database.as(
                database.url()
                        + (server == DatabaseServer.POSTGRESQL
                                ? "&options=-c%20default_transaction_read_only=on"
                                : "?sessionVariables=transaction_read_only=1"),
                database.user(),
                "");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void readOnlyDatabase_isNamed(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TestDatabase readOnly = readOnly(server, database)) {
            assertRefused(JdbiApiKeyStore.builder(readOnly.plain()), "read-only", "primary");
            JdbiApiKeyStore.create(database.plain());
            assertRefused(JdbiApiKeyStore.builder(readOnly.plain()), "read-only", "primary");
            assertRefused(JdbiApiKeyStore.builder(readOnly.plain()).expectSchema(), "read-only");
        }
    }

    @Test
    void readOnlyFile_isNamed(@TempDir Path directory) {
        Path file = directory.resolve("keys");
        try (H2Database database = H2Database.in(file)) {
            JdbiApiKeyStore.create(database.dataSource());
        }
        DataSource readOnly = new DriverDataSource("jdbc:h2:file:" + file + ";ACCESS_MODE_DATA=r", "sa", "");
        assertRefused(JdbiApiKeyStore.builder(readOnly).expectSchema(), "read-only");
    }

    @ParameterizedTest
    @EnumSource
    void feed_thatReadsAnotherDatabase_isRefused(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TestDatabase other = server.newDatabase()) {
            assertRefused(
                    JdbiApiKeyStore.builder(database.plain()).feedDataSource(other.plain()),
                    "feedDataSource",
                    "another database or schema");
            JdbiApiKeyStore.create(other.plain());
            assertRefused(JdbiApiKeyStore.builder(database.plain()).feedDataSource(other.plain()), "feedDataSource");
            JdbiApiKeyStore.builder(database.plain())
                    .feedDataSource(database.plain())
                    .build();
        }
    }

    /** One database with the tables in two schemas. */
    @Test
    void feed_thatReadsAnotherSchema_isRefused() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            database.execute("CREATE SCHEMA b");
            String inB = database.url().replaceAll("currentSchema=.*", "currentSchema=b");
            try (TestDatabase b = database.as(inB, database.user(), "")) {
                JdbiApiKeyStore.create(b.plain());
                assertRefused(
                        JdbiApiKeyStore.builder(database.plain()).feedDataSource(b.plain()),
                        "feedDataSource",
                        "another database or schema");
            }
            database.execute("DROP SCHEMA b CASCADE");
        }
    }

    /** The poller's own connection has the settings of the pool, and would read the tables of the pool's schema. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void schema_thatAWrapperOfTheHikariPoolSets_isRefused(boolean otherHasTables) throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            database.execute("CREATE SCHEMA tenant");
            if (otherHasTables) {
                JdbiApiKeyStore.create(database.plain());
            }
            HikariDataSource pool = database.pool(2);
            DataSource wrapper = new DelegatingDataSource(pool) {
                @Override
                public Connection getConnection() throws SQLException {
                    Connection connection = super.getConnection();
                    connection.setSchema("TENANT");
                    return connection;
                }
            };
            assertRefused(JdbiApiKeyStore.builder(wrapper), "HikariCP pool", "another database or schema", "wrapper");
            assertRefused(JdbiApiKeyStore.builder(wrapper).feedDataSource(wrapper), "HikariCP pool");
        }
    }
}
