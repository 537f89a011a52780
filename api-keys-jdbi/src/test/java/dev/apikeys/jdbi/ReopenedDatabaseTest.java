package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReopenedDatabaseTest {
    @Test
    void everything_afterShutdownAndNewStart_isThere(@TempDir Path directory) {
        LastUse use = new LastUse(NOW.plusSeconds(1), "192.0.2.7");
        KeyChange pause;
        long epoch;
        String incarnation;
        try (H2Database database = H2Database.in(directory.resolve("keys"))) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.dataSource());
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));
            store.recordUses(List.of(new KeyUse(key.id(), use)));
            pause = SampleKey.pause(key);
            epoch = store.apply(pause).orElseThrow().epoch();
            incarnation = database.value("SELECT incarnation FROM api_key_epoch");
        }

        try (H2Database database = H2Database.in(directory.resolve("keys"))) {
            JdbiApiKeyStore store = JdbiApiKeyStore.create(database.dataSource());
            String publicId = pause.after().publicId();
            ApiKey key = store.find(pause.after().id(), KeyFilter.everything()).orElseThrow();

            assertThat(key.lastUse()).isEqualTo(use);
            assertThat(key).usingRecursiveComparison().ignoringFields("lastUse").isEqualTo(pause.after());
            assertThat(store.findCredential(publicId))
                    .contains(new StoredCredential(publicId, SampleKey.hashOf(publicId), null, key));
            assertThat(store.audit(AuditFilter.everything(), PageRequest.first(10))
                            .total())
                    .isEqualTo(2);
            assertThat(store.ownerChanged(Owner.user("alice"))).isEqualTo(epoch + 1);
            assertThat(database.value("SELECT incarnation FROM api_key_epoch")).isEqualTo(incarnation);
        }
    }
}
