package dev.apikeys.jdbi;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.ApiKeyStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
class MariaDbApiKeyStoreTest extends ApiKeyStoreContract {
    private TestDatabase database;

    @Override
    protected ApiKeyStore createStore() throws Exception {
        database = DatabaseServer.MARIADB.newDatabase();
        return database.store(10);
    }

    @AfterEach
    void dropDatabase() {
        if (database != null) {
            database.close();
        }
    }
}
