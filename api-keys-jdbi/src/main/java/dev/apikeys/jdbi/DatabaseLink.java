package dev.apikeys.jdbi;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store can use once its database was reached and its tables were checked. Where the tables are only expected,
 * a database that can't be reached is no reason not to start: the first call that reaches it checks them.
 *
 * <p>Thread-safe.
 */
final class DatabaseLink {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLink.class);

    /** To connect to a database that is away may take as long as the pool likes. */
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Supplier<Checked> check;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Checked checked;
    private volatile long failedAtNanos;

    /** What can be used. */
    record Checked(Database database, Transactions transactions, EpochTable epochs, TextSearch search) {}

    /**
     * Checks now.
     *
     * @param check looks at the database
     * @throws IllegalStateException when the store could not work on the database
     * @throws StoreUnavailableException when the database can't be reached and its tables are to be made, or when it does
     *     not let the user in
     */
    DatabaseLink(SchemaHandling handling, Supplier<Checked> check) {
        this.check = check;
        try {
            this.checked = check.get();
        } catch (StoreUnavailableException unreachable) {
            if (handling == SchemaHandling.APPLY || SqlFailure.isWrongAddress(unreachable)) {
                throw unreachable;
            }
            failedAtNanos = System.nanoTime();
            LOG.warn(
                    "The database can't be reached. The store starts all the same, and is unavailable until it can: {}",
                    SqlFailure.kind(unreachable));
        }
    }

    /**
     * What can be used.
     *
     * @throws StoreUnavailableException when the database was never reached yet, or is none that the store could work on
     */
    Checked open() {
        Checked known = checked;
        return known != null ? known : checkLate();
    }

    /** What can be used; empty while the database was never reached. Does not ask it. */
    Optional<Checked> opened() {
        return Optional.ofNullable(checked);
    }

    /** One thread tries, and not right after it was tried in vain; the others need not wait for it. */
    private Checked checkLate() {
        boolean triedJustNow = System.nanoTime() - failedAtNanos < PAUSE_NANOS;
        if (triedJustNow || !checking.tryLock()) {
            throw new StoreUnavailableException("the database was not reached yet");
        }
        try {
            Checked known = checked;
            if (known == null) {
                known = check.get();
                checked = known;
                LOG.info("The database can be reached now, and its tables are as expected");
            }
            return known;
        } catch (StoreUnavailableException unreachable) {
            failedAtNanos = System.nanoTime();
            throw unreachable;
        } catch (IllegalStateException unfit) {
            failedAtNanos = System.nanoTime();
            LOG.error("The database can be reached now, but can't be used: {}", unfit.getMessage());
            throw new StoreUnavailableException("the database can't be used", unfit);
        } finally {
            checking.unlock();
        }
    }
}
