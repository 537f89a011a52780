package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.testkit.ApiKeyStoreContract;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The defaults of the interface keep the contract, but for tokens in grace: those are neither imported nor exported. */
class MinimalStoreTest extends ApiKeyStoreContract {
    @Override
    protected ApiKeyStore createStore() {
        return new MinimalStore(new InMemoryApiKeyStore());
    }

    @Test
    void importKeys_keyThatAnotherImportStoresMeanwhile_isADuplicate() {
        ApiKeyStore store = new MinimalStore(new InMemoryApiKeyStore()) {
            @Override
            public void insert(NewKey key) {
                super.insert(key);
                super.insert(key);
            }
        };

        assertThat(store.importKeys(List.of(SampleKey.toImport(new SampleKey().build()))))
                .containsExactly(KeyImport.Outcome.DUPLICATE);
    }
}
