package dev.apikeys.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.spi.ApiKeyStore;
import java.util.function.Function;

/** A database with a service on it. Close it to write what the service noted. */
final class OpenDatabase implements AutoCloseable {
    private final HikariDataSource pool;
    private final JdbiApiKeyStore store;
    private final KeyService keys;

    private OpenDatabase(HikariDataSource pool, JdbiApiKeyStore store, KeyService keys) {
        this.pool = pool;
        this.store = store;
        this.keys = keys;
    }

    /** Never makes or changes tables: only the commands of {@code schema} do. */
    static OpenDatabase of(HikariDataSource pool, Function<ApiKeyStore, KeyService> service) {
        JdbiApiKeyStore store = JdbiApiKeyStore.builder(pool).expectSchema().build();
        return new OpenDatabase(pool, store, service.apply(store));
    }

    KeyService keys() {
        return keys;
    }

    JdbiApiKeyStore store() {
        return store;
    }

    @Override
    public void close() {
        keys.close();
        pool.close();
    }
}
