package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:null_arguments;DB_CLOSE_DELAY=-1");
        ApiKey key = new SampleKey().build();
        Samples samples = new Samples(
                h2,
                JdbiApiKeyStore.create(h2),
                JdbiApiKeyStore.builder(h2),
                ApiKeySchema.of(h2),
                ApiKeySchema.State.NONE,
                DatabaseDiagnosis.of(h2),
                new HistoryPoint("sample", 1),
                KeyFilter.everything(),
                AuditFilter.everything(),
                PageRequest.first(1),
                Owner.user("alice"),
                new SecretHash("sha256$00"),
                SampleKey.toAdd(key, 1),
                SampleKey.pause(key));

        assertThat(new NullArguments(samples).check(JdbiApiKeyStore.class, type -> true))
                .isEmpty();
    }
}
