package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a diagnosis says of a database that is in use, or that is set up in an unusual way. */
@Tag("tr-skip")
class DiagnosisTest {
    private static List<Finding> findings(DataSource dataSource, String check) {
        return DatabaseDiagnosis.of(dataSource).run().findings().stream()
                .filter(finding -> finding.check().equals(check))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void keysThatChangeMeanwhile_areNoRestoredDatabase(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            DataSource inUse = InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("createStatement")) {
                    store.ownerChanged(Owner.user("alice"));
                }
                return call.proceed();
            });

            assertThat(findings(inUse, "epoch")).extracting(Finding::level).containsOnly(Finding.Level.OK);
        }
    }

    /** As an interrupted CREATE INDEX CONCURRENTLY leaves them. */
    @Test
    void invalidIndexes_areNotRead_andAreToBeDroppedFirst() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            database.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid IN"
                    + " ('api_key_by_owner'::regclass, 'api_key_by_text'::regclass)");

            assertThat(findings(database.plain(), "indexes")).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Finding.Level.PROBLEM);
                assertThat(finding.found()).contains("api_key_by_owner is invalid");
                assertThat(finding.advice()).contains("run DROP INDEX api_key_by_owner; and then CREATE INDEX");
            });
            assertThat(findings(database.plain(), "search")).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
                assertThat(finding.advice()).contains("DROP INDEX IF EXISTS api_key_by_text");
            });
            assertThat(JdbiApiKeyStore.create(database.plain()).keySearch()).isEqualTo(KeySearch.ANYWHERE);
        }
    }

    /** The first schema is there and empty, as one that is named like the user may be. */
    @Test
    void tablesInALaterSchemaOfTheSearchPath_haveTheirIndexes() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            String first = "first_" + database.value("SELECT current_schema()");
            database.execute("CREATE SCHEMA " + first);
            String both = database.url().replace("currentSchema=", "currentSchema=" + first + ",");

            assertThat(findings(database.as(both, database.user(), "").plain(), "indexes"))
                    .extracting(Finding::level)
                    .containsExactly(Finding.Level.OK);
            database.execute("DROP SCHEMA " + first);
        }
    }
}
