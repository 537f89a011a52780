package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SampleKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tables of an older version become those of a later one, with what they hold. As long as no version was released, a script
 * of the tests stands for the later one.
 */
@Tag("tr-skip")
class SchemaUpgradeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> LATER = List.of(Schema.SCRIPTS.get(0), "later-schema/%s/V2__note.sql");
    private static final String VERSION = "SELECT schema_version FROM api_key_epoch";

    private static Schema later(TestDatabase database) {
        return new Schema(database.plain(), PATIENCE, LATER);
    }

    @ParameterizedTest
    @EnumSource
    void olderTables_areUpgradedWithWhatTheyHold(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));

            later(database).prepare(SchemaHandling.APPLY);

            assertThat(database.number(VERSION)).isEqualTo(2);
            assertThat(database.number("SELECT COUNT(*) FROM api_key WHERE note IS NULL"))
                    .isEqualTo(1);
            later(database).prepare(SchemaHandling.EXPECT);
            // A node of the version before goes on, and starts.
            assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
            JdbiApiKeyStore before = JdbiApiKeyStore.create(database.plain());
            before.insert(SampleKey.toAdd(new SampleKey().build(), 10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyDatabase_getsAllVersions(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            later(database).prepare(SchemaHandling.APPLY);
            assertThat(database.number(VERSION)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyNodes_atOnce_upgradeOnce(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            store.insert(SampleKey.toAdd(new SampleKey().build(), 1));
            Race.between(6, i -> () -> later(database).prepare(SchemaHandling.APPLY));
            assertThat(database.number(VERSION)).isEqualTo(2);
            assertThat(store.list(KeyFilter.everything(), PageRequest.first(1)).total())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void olderTables_thatAreOnlyExpected_areRefusedWithTheScriptToRun(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            assertThatThrownBy(() -> later(database).prepare(SchemaHandling.EXPECT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("schema version 1")
                    .hasMessageContaining("needs version 2")
                    .hasMessageContaining("V2__note.sql");
            assertThat(database.number(VERSION)).isEqualTo(1);
        }
    }
}
