package dev.apikeys.spring;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/**
 * What the store takes from the application's data source: the pool itself, without the proxies that join transactions of
 * the application.
 *
 * <p>Immutable and thread-safe.
 */
final class HostDataSource {
    /** One connection for each of these at the same time: a look-up, a management call, the writing of usage. */
    private static final int LEAST_CONNECTIONS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HostDataSource.class);

    private final DataSource pool;

    private HostDataSource(DataSource pool) {
        this.pool = pool;
    }

    static HostDataSource of(DataSource bean) {
        DataSource source = bean;
        while (joinsTransactions(source)
                && source instanceof DelegatingDataSource proxy
                && proxy.getTargetDataSource() != null) {
            source = proxy.getTargetDataSource();
        }
        return new HostDataSource(source);
    }

    /** Other wrappers of the application's own stay: they may set a schema or a user. */
    private static boolean joinsTransactions(DataSource source) {
        return source instanceof TransactionAwareDataSourceProxy || source instanceof LazyConnectionDataSourceProxy;
    }

    DataSource pool() {
        return pool;
    }

    /** Warns if the pool may have fewer connections than API keys use at once. */
    void warnIfTooSmall(StoreProperties.Feed feed) {
        int needed = feed == StoreProperties.Feed.POOL ? LEAST_CONNECTIONS + 1 : LEAST_CONNECTIONS;
        HikariDataSource hikari = hikari();
        // A pool that has not started yet shows no size where it will take HikariCP's own, which is enough.
        if (hikari != null && hikari.getMaximumPoolSize() > 0 && hikari.getMaximumPoolSize() < needed) {
            LOG.warn(
                    "The connection pool {} may have {} connection(s), and API keys alone may use {} at once. Set"
                            + " spring.datasource.hikari.maximum-pool-size to {}, and add what the application needs.",
                    hikari.getPoolName() == null ? "(unnamed)" : hikari.getPoolName(),
                    hikari.getMaximumPoolSize(),
                    needed,
                    needed);
        }
    }

    private @Nullable HikariDataSource hikari() {
        if (!ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", HostDataSource.class.getClassLoader())) {
            return null;
        }
        return Hikari.unwrap(pool);
    }

    /** Loaded only where there is Hikari. */
    private static final class Hikari {
        private Hikari() {}

        static @Nullable HikariDataSource unwrap(DataSource pool) {
            try {
                if (pool instanceof HikariDataSource hikari) {
                    return hikari;
                }
                return pool.isWrapperFor(HikariDataSource.class) ? pool.unwrap(HikariDataSource.class) : null;
            } catch (SQLException isNone) {
                return null;
            }
        }
    }
}
