package dev.apikeys.testkit;

import dev.apikeys.spi.ApiKeyStore;
import org.junit.jupiter.api.BeforeEach;

/**
 * The tests that every {@link ApiKeyStore} must pass. To check an implementation, extend this class and give it a
 * store:
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
 * <p>The tests are in the interfaces, by subject. Each test gets a new store. The tests of races run up to 64 threads,
 * so the connection pool of a store should let threads wait.
 */
public abstract class ApiKeyStoreContract
        implements StoringContract,
                TransferContract,
                ImportConflictContract,
                ExportContract,
                LimitContract,
                ChangeContract,
                RotationContract,
                RehashContract,
                EpochContract,
                FeedContract,
                MaintenanceContract,
                HousekeepingContract,
                ListContract,
                OrderContract,
                FilterContract,
                MetadataContract,
                SearchContract,
                UsageContract,
                McpSessionContract,
                AuditContract {
    private ApiKeyStore store;

    /** For subclasses. */
    protected ApiKeyStoreContract() {}

    /** A new, empty store. Called before each test. */
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
