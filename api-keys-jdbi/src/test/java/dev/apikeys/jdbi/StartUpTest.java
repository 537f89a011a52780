package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SampleKey;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartUpTest {
    private static final String TABLES_OF_OURS =
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE 'API_KEY%'";

    private final H2Database database = H2Database.inMemory();

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void create_secondTime_leavesEverythingAsItIs() {
        ApiKey key = stored(JdbiApiKeyStore.create(database.dataSource()));
        String incarnation = database.value("SELECT incarnation FROM api_key_epoch");

        JdbiApiKeyStore again = JdbiApiKeyStore.create(database.dataSource());

        assertThat(again.find(key.id(), KeyFilter.everything())).contains(key);
        assertThat(database.value("SELECT incarnation FROM api_key_epoch")).isEqualTo(incarnation);
    }

    @Test
    void create_eightAtOnceOnAnEmptyDatabase_allComeUp() throws Exception {
        List<JdbiApiKeyStore> stores = Race.between(8, i -> () -> JdbiApiKeyStore.create(database.dataSource()));

        stores.forEach(StartUpTest::stored);
        assertThat(stores.get(0)
                        .list(KeyFilter.everything(), PageRequest.first(1))
                        .total())
                .isEqualTo(8);
        assertThat(database.value("SELECT COUNT(*) FROM api_key_epoch")).isEqualTo("1");
    }

    @Test
    void create_everyDatabase_hasItsOwnIncarnation() {
        JdbiApiKeyStore.create(database.dataSource());
        try (H2Database other = H2Database.inMemory()) {
            JdbiApiKeyStore.create(other.dataSource());
            assertThat(other.value("SELECT incarnation FROM api_key_epoch"))
                    .isNotEqualTo(database.value("SELECT incarnation FROM api_key_epoch"))
                    .hasSizeGreaterThan(30);
        }
    }

    @Test
    void create_unknownDatabase_saysWhatIsSupported() {
        DataSource oracle = InterceptedDataSource.named(database.dataSource(), "Oracle");
        assertThatThrownBy(() -> JdbiApiKeyStore.create(oracle))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("H2, PostgreSQL, MariaDB and MySQL")
                .hasMessageContaining("Oracle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_key_audit", "api_key", "api_key_epoch"})
    void create_tableIsMissing_saysWhichAndTouchesNothing(String table) {
        stored(JdbiApiKeyStore.create(database.dataSource()));
        database.execute("DROP TABLE " + table);

        assertThatThrownBy(() -> impatient(database.dataSource()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only a part")
                .hasMessageContaining(table)
                .hasMessageContaining("classpath:dev/apikeys/jdbi/schema/h2/V1__api_keys.sql");
        assertThat(database.value(TABLES_OF_OURS)).isEqualTo("10");
    }

    @Test
    void create_lastStatementOfTheScriptIsMissing_saysSo() {
        JdbiApiKeyStore.create(database.dataSource());
        database.execute("DELETE FROM api_key_epoch");
        assertThatThrownBy(() -> impatient(database.dataSource()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the row in api_key_epoch");
    }

    @Test
    void create_tableOfSomebodyElse_saysWhichColumnsItLacks() {
        JdbiApiKeyStore.create(database.dataSource());
        database.execute("ALTER TABLE api_key_usage DROP COLUMN last_used_ip");
        assertThatThrownBy(() -> JdbiApiKeyStore.create(database.dataSource()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("api_key_usage")
                .hasMessageContaining("last_used_ip");
    }

    @Test
    void create_scriptFailsHalfWay_leavesNothingBehind() {
        database.execute("CREATE TABLE mine (a INT)", "CREATE INDEX api_key_audit_by_age ON mine (a)");

        assertThatThrownBy(() -> JdbiApiKeyStore.create(database.dataSource()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("could not be created");
        assertThat(database.value(TABLES_OF_OURS)).isEqualTo("0");

        database.execute("DROP TABLE mine");
        stored(JdbiApiKeyStore.create(database.dataSource()));
    }

    @Test
    void create_noRightToMakeTables_saysWhatToRun() {
        DataSource guest = userWith();
        assertThatThrownBy(() -> JdbiApiKeyStore.create(guest))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("could not be created")
                .hasMessageContaining("classpath:dev/apikeys/jdbi/schema/h2/V1__api_keys.sql")
                .hasMessageContaining("grant");
    }

    @Test
    void create_noRightToMakeTablesButTheyAreThere_works() {
        JdbiApiKeyStore.create(database.dataSource());
        exercise(JdbiApiKeyStore.create(userWith("SELECT", "INSERT", "UPDATE", "DELETE")));
    }

    @Test
    void expectSchema_tablesAreThere_works() {
        JdbiApiKeyStore.create(database.dataSource());
        exercise(JdbiApiKeyStore.builder(userWith("SELECT", "INSERT", "UPDATE", "DELETE"))
                .expectSchema()
                .build());
    }

    @Test
    void expectSchema_emptyDatabase_saysWhatToRunAndMakesNothing() {
        assertThatThrownBy(() -> JdbiApiKeyStore.builder(database.dataSource())
                        .expectSchema()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there are no tables")
                .hasMessageContaining("classpath:dev/apikeys/jdbi/schema/h2/V1__api_keys.sql");
        assertThat(database.value(TABLES_OF_OURS)).isEqualTo("0");
    }

    @Test
    void applySchema_afterExpectSchema_isWhatCounts() {
        stored(JdbiApiKeyStore.builder(database.dataSource())
                .expectSchema()
                .applySchema()
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "INSERT", "UPDATE", "DELETE"})
    void create_rightIsMissing_saysWhatToGrant(String right) {
        JdbiApiKeyStore.create(database.dataSource());
        String[] others = List.of("SELECT", "INSERT", "UPDATE", "DELETE").stream()
                .filter(other -> !other.equals(right))
                .toArray(String[]::new);
        DataSource user = userWith(others);
        assertThatThrownBy(() -> JdbiApiKeyStore.create(user))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("may not " + right)
                .hasMessageContaining("grant");
    }

    @Test
    void create_databaseMadeByFlyway_isAccepted() {
        Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:dev/apikeys/jdbi/schema/h2")
                .table("api_keys_schema_history")
                .load()
                .migrate();

        exercise(JdbiApiKeyStore.create(database.dataSource()));
        assertThat(database.value("SELECT COUNT(*) FROM \"api_keys_schema_history\" WHERE \"version\" = '1'"))
                .isEqualTo("1");
    }

    @Test
    void create_flywayBesideTheHostsOwnMigrations_isAccepted() {
        database.execute("CREATE TABLE accounts (id INT)");
        Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:dev/apikeys/jdbi/schema/h2")
                .table("api_keys_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        exercise(JdbiApiKeyStore.create(database.dataSource()));
    }

    /** What can't be removed would be exported at every run. */
    @Test
    void auditTrail_userWithoutTheRightToDelete_isToldBeforeAnExport() {
        JdbiApiKeyStore.create(database.dataSource());
        DataSource guest = userWith();
        for (SchemaTable table : SchemaTable.ALL) {
            table.rights().forEach(right -> database.execute("GRANT " + right + " ON " + table.name() + " TO guest"));
        }
        JdbiApiKeyStore store = impatient(guest).expectSchema().build();
        exercise(store);
        assertThatThrownBy(() -> store.housekeeping().removeAudit(List.of()))
                .isInstanceOf(StoreUnavailableException.class);
        database.execute("GRANT DELETE ON api_key_audit TO guest");
        store.housekeeping().removeAudit(List.of());
    }

    @Test
    void create_databaseCannotBeReached_isUnavailable() {
        DataSource wrongPassword = database.dataSource("sa", "wrong");
        assertThatThrownBy(() -> JdbiApiKeyStore.create(wrongPassword))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("could not reach the database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.5S", "PT1.5S", "PT5M1S", "PT-1S"})
    void statementTimeout_outOfRange_isRefused(String timeout) {
        assertThatThrownBy(
                        () -> JdbiApiKeyStore.builder(database.dataSource()).statementTimeout(Duration.parse(timeout)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Duration.parse(timeout).toString());
    }

    /** A store that waits no longer than a second for others to finish. */
    private static JdbiApiKeyStore.Builder impatient(DataSource dataSource) {
        return JdbiApiKeyStore.builder(dataSource).statementTimeout(Duration.ofSeconds(1));
    }

    private DataSource userWith(String... rights) {
        database.execute("CREATE USER guest PASSWORD 'guest'");
        for (String right : rights) {
            for (SchemaTable table : SchemaTable.ALL) {
                database.execute("GRANT " + right + " ON " + table.name() + " TO guest");
            }
        }
        return database.dataSource("guest", "guest");
    }

    private static ApiKey stored(ApiKeyStore store) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 100));
        return key;
    }

    /** Makes the store write to every table. */
    private static void exercise(ApiKeyStore store) {
        ApiKey key = stored(store);
        store.recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW, null))));
        store.recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW.plusSeconds(1), null))));
        assertThat(store.apply(SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, Duration.ofHours(1))))
                .isPresent();
        store.ownerChanged(Owner.user("alice"));
        assertThat(store.list(KeyFilter.everything(), PageRequest.first(1)).total())
                .isEqualTo(1);
    }
}
