package dev.apikeys.jdbi;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.ApiKeyStoreContract;
import org.junit.jupiter.api.AfterEach;

class H2ApiKeyStoreTest extends ApiKeyStoreContract {
    private TestDatabase database;

    @Override
    protected ApiKeyStore createStore() throws Exception {
        database = DatabaseServer.H2.newDatabase();
        return database.store(10);
    }

    @AfterEach
    void dropDatabase() {
        if (database != null) {
            database.close();
        }
    }
}
