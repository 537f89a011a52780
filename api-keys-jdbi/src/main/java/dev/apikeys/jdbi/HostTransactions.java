package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Recognises data sources whose connections take part in a transaction of the host, which the store would commit. */
final class HostTransactions {
    /** By name: who uses none of them needs none of their libraries. */
    private static final List<String> JOINING = List.of(
            "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy",
            "org.springframework.jdbc.datasource.SingleConnectionDataSource");

    private HostTransactions() {}

    /**
     * Refuses a data source that is one of these, or that wraps one.
     *
     * @throws IllegalStateException when it is; the message says what to do
     */
    static void refuse(DataSource dataSource) {
        for (String name : JOINING) {
            if (isOrWraps(dataSource, name)) {
                throw new IllegalStateException("the data source is a "
                        + name.substring(name.lastIndexOf('.') + 1)
                        + ": its connections take part in the host's transactions, which the store would commit."
                        + " Give the store the connection pool itself");
            }
        }
    }

    private static boolean isOrWraps(DataSource dataSource, String name) {
        try {
            Class<?> type = Class.forName(name, false, dataSource.getClass().getClassLoader());
            return type.isInstance(dataSource) || dataSource.isWrapperFor(type);
        } catch (ClassNotFoundException | LinkageError | SQLException | RuntimeException isNone) {
            return false;
        }
    }
}
