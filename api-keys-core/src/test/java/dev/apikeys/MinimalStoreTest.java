package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.ApiKeyStoreContract;

/** The defaults of the interface keep the contract, but for tokens in grace: those are neither imported nor exported. */
class MinimalStoreTest extends ApiKeyStoreContract {
    @Override
    protected ApiKeyStore createStore() {
        return new MinimalStore(new InMemoryApiKeyStore());
    }
}
