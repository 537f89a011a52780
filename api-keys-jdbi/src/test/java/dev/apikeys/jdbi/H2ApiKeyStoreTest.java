package dev.apikeys.jdbi;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ApiKeyStoreContract;
import org.junit.jupiter.api.AfterEach;

class H2ApiKeyStoreTest extends ApiKeyStoreContract {
    private final H2Database database = H2Database.inMemory();

    @Override
    protected ApiKeyStore createStore() {
        return JdbiApiKeyStore.create(database.dataSource());
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }
}
