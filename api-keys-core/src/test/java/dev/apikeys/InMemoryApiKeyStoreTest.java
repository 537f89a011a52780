package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.ApiKeyStoreContract;

class InMemoryApiKeyStoreTest extends ApiKeyStoreContract {
    @Override
    protected ApiKeyStore createStore() {
        return new InMemoryApiKeyStore();
    }
}
