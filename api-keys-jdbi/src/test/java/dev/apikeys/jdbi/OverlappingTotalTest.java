package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a list is whose keys are found in several ways at once: by name, by user and by organization. */
@Tag("tr-skip") // Counting knows no locale.
class OverlappingTotalTest {
    private static final Owner ACME = Owner.user("acme", "acme");

    private static void fill(ApiKeyStore store, int keys) {
        List<KeyImport> all = IntStream.range(0, keys)
                .mapToObj(i -> SampleKey.toImport(
                        new SampleKey().of(ACME).named("acme " + i).build()))
                .toList();
        for (int from = 0; from < keys; from += 1_000) {
            store.importKeys(all.subList(from, Math.min(from + 1_000, keys)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void total_countsAKeyOnce_thatIsFoundInSeveralWays(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(2)) {
            ApiKeyStore store = JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .search(KeySearch.BEGINNING)
                    .build();
            fill(store, 400);
            assertTotal(store, KeyFilter.everything().search("acme"), 400);
            assertTotal(store, KeyFilter.everything().search("ac"), 400);

            fill(store, 5_600);
            assertTotal(store, KeyFilter.everything().concerning("acme"), 6_000);
        }
    }

    private static void assertTotal(ApiKeyStore store, KeyFilter filter, long total) {
        Page<ApiKey> page = store.list(filter, PageRequest.first(10));
        assertThat(page.total()).isEqualTo(total);
        assertThat(page.count()).isEqualTo(Page.Count.EXACT);
    }

    /** An estimate is nearer to the truth than to the sum of all ways. H2 gives none. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void estimate_ofKeysThatAreFoundInSeveralWays_isNotTheirSum(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            fill(store, 11_000);
            new ManyRows(database, server).analyze();

            assertThat(store.list(KeyFilter.everything().concerning("acme"), PageRequest.first(10))
                            .total())
                    .isBetween(10_001L, 16_000L);
        }
    }
}
