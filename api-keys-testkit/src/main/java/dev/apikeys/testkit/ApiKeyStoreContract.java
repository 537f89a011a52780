package dev.apikeys.testkit;

import dev.apikeys.spi.ApiKeyStore;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link ApiKeyStore} promises, as tests. To check an implementation, extend this class and give it a store:
 *
 * <pre>{@code
 * class MyStoreTest extends ApiKeyStoreContract {
 *     @Override
 *     protected ApiKeyStore createStore() {
 *         return new MyStore();
 *     }
 * }
 * }</pre>
 *
 * <p>The promises stand in the interfaces, by subject. Each test has a store of its own; the races run up to 64 threads,
 * so a store with a pool of connections should have one that lets threads wait.
 */
public abstract class ApiKeyStoreContract
        implements StoringContract,
                LimitContract,
                ChangeContract,
                RotationContract,
                EpochContract,
                FeedContract,
                MaintenanceContract,
                ListContract,
                SearchContract,
                UsageContract,
                AuditContract {
    private ApiKeyStore store;

    /** For subclasses. */
    protected ApiKeyStoreContract() {}

    /** A store that is ready, fresh and empty. Called before each test. */
    protected abstract ApiKeyStore createStore() throws Exception;

    /** Makes the store of this test. */
    @BeforeEach
    public final void makeStore() throws Exception {
        store = createStore();
    }

    @Override
    public final ApiKeyStore store() {
        return store;
    }
}
