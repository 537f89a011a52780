package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.ApiKeyStoreContract;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    /** The default asks for the id and for the token, one after the other. */
    @Test
    void importKeys_keyThatAnotherImportStoresBetweenTwoQuestions_isADuplicate() {
        KeyImport added = SampleKey.toImport(new SampleKey().build());
        ApiKeyStore store = new MinimalStore(new InMemoryApiKeyStore()) {
            private boolean isStored;

            @Override
            public Optional<ApiKey> find(UUID id, KeyFilter within) {
                Optional<ApiKey> found = super.find(id, within);
                importMeanwhile();
                return found;
            }

            @Override
            public Optional<StoredCredential> findCredential(String publicId) {
                Optional<StoredCredential> found = super.findCredential(publicId);
                importMeanwhile();
                return found;
            }

            private void importMeanwhile() {
                if (!isStored) {
                    isStored = true;
                    assertThat(super.importKeys(List.of(added))).containsExactly(KeyImport.Outcome.IMPORTED);
                }
            }
        };

        assertThat(store.importKeys(List.of(added))).containsExactly(KeyImport.Outcome.DUPLICATE);
    }
}
