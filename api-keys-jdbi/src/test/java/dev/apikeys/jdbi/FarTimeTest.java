package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.PageRequest;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.spi.AuditRemoval;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.testkit.SampleKey;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds beyond every time that a database holds: before all, or after all. */
@Tag("tr-skip")
class FarTimeTest {
    private static final UUID ANY = UUID.randomUUID();

    private static ApiKey stored(JdbiApiKeyStore store) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 10));
        store.recordUses(List.of(new KeyUse(key.id(), new ApiKey.LastUse(key.createdAt(), null))));
        return store.find(key.id(), KeyFilter.everything()).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void places_beforeAndBehindAll(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            ApiKey key = stored(store);
            PageRequest behindNone = PageRequest.after(new Position(Instant.MAX, ANY), 9);
            PageRequest behindAll = PageRequest.after(new Position(Instant.MIN, ANY), 9);

            assertThat(store.list(KeyFilter.everything(), behindNone).items()).containsExactly(key);
            assertThat(store.list(KeyFilter.everything(), behindAll).items()).isEmpty();
            assertThat(store.audit(AuditFilter.everything(), behindNone).items())
                    .hasSize(1);
            assertThat(store.exportKeys(behindNone, Instant.MIN)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsOfHousekeeping_beforeAndBehindAll(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
            stored(store);
            stored(store);
            Housekeeping housekeeping = store.housekeeping();

            assertThat(housekeeping.latestUses(null, Instant.MIN, 9).uses()).hasSize(2);
            assertThat(housekeeping.oldestAudit(Instant.MIN, Instant.MAX, 9)).hasSize(1);
            assertThat(housekeeping.removeOldestAudit(Instant.MIN, Instant.MIN, 9))
                    .extracting(AuditRemoval::entries)
                    .isEqualTo(0);
            assertThat(store.maintain(Instant.MIN, Instant.MIN, 9)).contains(new MaintenanceReport(0, 0));
            assertThat(store.maintain(Instant.MAX, Instant.MAX, 9))
                    .get()
                    .extracting(MaintenanceReport::keys)
                    .isEqualTo(2);
        }
    }
}
