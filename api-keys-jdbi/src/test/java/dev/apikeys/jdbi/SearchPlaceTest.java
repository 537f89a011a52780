package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store says where it looks for a text, looks there, and works without the right to make an extension. */
@Tag("tr-skip")
class SearchPlaceTest {
    private static List<String> names(JdbiApiKeyStore store, KeyFilter filter) {
        return store.list(filter, PageRequest.first(9)).items().stream()
                .map(ApiKey::name)
                .toList();
    }

    private static void add(JdbiApiKeyStore store, Owner owner, String publicId, String name) {
        store.insert(SampleKey.toAdd(
                new SampleKey()
                        .id(UUID.randomUUID())
                        .of(KeyKind.WORKSPACE, owner)
                        .publicId(publicId + SampleKey.randomPublicId().substring(publicId.length()))
                        .named(name)
                        .build(),
                9));
    }

    @ParameterizedTest
    @EnumSource
    void searchForBeginnings_findsNothingElse(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.builder(database.plain())
                    .search(KeySearch.BEGINNING)
                    .build();
            String longName = "x".repeat(60) + "%y" + "z".repeat(60);
            add(store, new Owner("Alice", "Org-17", "space"), "abc123", "Nightly export");
            add(store, new Owner("bob", "org-18", "space"), "ffff00", longName);
            assertThat(store.keySearch()).isEqualTo(KeySearch.BEGINNING);

            KeyFilter all = KeyFilter.everything();
            for (String text : List.of("nightly E", "N", "Alice", "Ali", "Org-1", "abc12")) {
                assertThat(names(store, all.search(text))).as(text).containsExactly("Nightly export");
            }
            for (String text : List.of("export", "alice", "lice", "org-17", "space", "bc12", "_", "%")) {
                assertThat(names(store, all.search(text))).as(text).isEmpty();
            }
            assertThat(names(store, all.search(longName.substring(0, 100)))).containsExactly(longName);
            assertThat(names(store, all.search("x".repeat(60) + "_y"))).isEmpty();
            assertThat(names(store, all.user("Alice").search("export")))
                    .as("among the keys of one user every part is looked at")
                    .containsExactly("Nightly export");
            assertThat(names(store, all.concerning("Org-17").search("night"))).containsExactly("Nightly export");
        }
    }

    /** The extension can be made by whoever may create something in the database, which this user may not. */
    @Test
    void postgresqlWithoutTheRightToMakeTheExtension_searchesWithoutIt_untilItIsThere() throws Exception {
        String name = "no_extension_" + UUID.randomUUID().toString().substring(0, 8);
        try (TestDatabase server = DatabaseServer.POSTGRESQL.newDatabase()) {
            String base = server.url().substring(0, server.url().lastIndexOf('/') + 1);
            server.execute("CREATE DATABASE " + name, "CREATE ROLE " + name + " LOGIN");
            TestDatabase owner = server.as(base + name + "?currentSchema=keys,public", "postgres", "");
            owner.execute("CREATE SCHEMA keys AUTHORIZATION " + name);
            TestDatabase plain = server.as(base + name + "?currentSchema=keys,public", name, "");

            JdbiApiKeyStore store = JdbiApiKeyStore.create(plain.plain());
            add(store, new Owner("alice", "org", "space"), "abc123", "Nightly export");
            assertThat(store.keySearch()).isEqualTo(KeySearch.ANYWHERE);
            assertThat(names(store, KeyFilter.everything().search("ly ex"))).hasSize(1);
            assertThat(plain.value("SELECT to_regclass('api_key_by_name')")).isNotNull();
            assertThat(DatabaseDiagnosis.of(plain.plain()).run().findings())
                    .filteredOn(finding -> finding.check().equals("search"))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
                        assertThat(finding.advice()).contains("CREATE EXTENSION pg_trgm", "api_key_by_text");
                    });

            owner.execute(
                    "CREATE EXTENSION pg_trgm SCHEMA public",
                    "CREATE INDEX api_key_by_text ON api_key USING gin (search_text gin_trgm_ops)");
            JdbiApiKeyStore later = JdbiApiKeyStore.create(plain.plain());
            assertThat(later.keySearch()).isEqualTo(KeySearch.ANYWHERE_FROM_THREE);
            assertThat(names(later, KeyFilter.everything().search("ly ex"))).hasSize(1);
            assertThat(names(later, KeyFilter.everything().search("ly"))).isEmpty();
            owner.as(server.url(), "postgres", "")
                    .execute("DROP DATABASE " + name + " WITH (FORCE)", "DROP ROLE " + name);
        }
    }
}
