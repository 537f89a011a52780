package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where calls take their connections: from the host's pool. HikariCP that found the database gone tries again after
 * pauses of up to five seconds; while it has no connection, calls make some with its settings, as many as it would have.
 *
 * <p>Thread-safe.
 */
final class CallConnections {
    /** For a connection beside the pool: without the pool only the driver's own time-outs would count. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final DataSource pool;
    private final BooleanSupplier pollerSharesPool;
    private final Set<Connection> standIns = ConcurrentHashMap.newKeySet();
    private final AtomicInteger standInCount = new AtomicInteger();
    private volatile @Nullable ConnectionOpener standInSource;
    private volatile boolean poolFailed;

    /**
     * Connections of this pool.
     *
     * @param pollerSharesPool whether the poller keeps one of them, which a call that gets none then says
     */
    CallConnections(DataSource pool, BooleanSupplier pollerSharesPool) {
        this.pool = pool;
        this.pollerSharesPool = pollerSharesPool;
    }

    /** Takes a connection, for {@link #returned} when it was closed. */
    Connection take() throws NoConnection {
        try {
            Connection standIn = poolFailed ? standIn() : null;
            if (standIn != null) {
                return standIn;
            }
            Connection taken = pool.getConnection();
            poolFailed = false;
            return taken;
        } catch (SQLException | RuntimeException failure) {
            poolFailed = true;
            throw pollerSharesPool.getAsBoolean() ? NoConnection.sharedWithPoller(failure) : new NoConnection(failure);
        }
    }

    private @Nullable Connection standIn() throws SQLException {
        int most = HikariSettings.sizeWhileEmpty(pool);
        if (standInCount.incrementAndGet() > most) {
            standInCount.decrementAndGet();
            return null;
        }
        try {
            Connection made = standInSource(most).open(LONGEST_WAIT);
            standIns.add(made);
            return made;
        } catch (SQLException | RuntimeException failure) {
            standInCount.decrementAndGet();
            throw failure;
        }
    }

    /** Two threads that come at once may each make one, which does no harm. */
    private ConnectionOpener standInSource(int most) {
        ConnectionOpener known = standInSource;
        if (known == null) {
            known = new ConnectionOpener(() -> HikariSettings.plainConnection(pool), most);
            standInSource = known;
        }
        return known;
    }

    /** To be called when a connection was closed. */
    void returned(Connection connection) {
        if (!standIns.isEmpty() && standIns.remove(connection)) {
            standInCount.decrementAndGet();
        }
    }
}
