package dev.apikeys.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the keys are kept.
 *
 * <p>Immutable and thread-safe.
 *
 * @param dataSource the name of the DataSource bean; needed where there are several and none is primary
 * @param schema whether the tables are created in an empty database, or only checked
 * @param statementTimeout how long one statement may take, in whole seconds
 * @param feed where the connection comes from that asks for changes
 */
@ConfigurationProperties("apikeys.store")
public record StoreProperties(
        @Nullable String dataSource,
        @DefaultValue("create") SchemaHandling schema,
        @DefaultValue("5s") Duration statementTimeout,
        @DefaultValue("own-connection") Feed feed) {
    /** What happens to the tables at the start. */
    public enum SchemaHandling {
        /** They are created if there are none. */
        CREATE,
        /** They must be there: Flyway, Liquibase or somebody else creates them. */
        EXPECT
    }

    /** Where the connection comes from that asks for changes. */
    public enum Feed {
        /** A connection outside the pool, with the settings of a HikariCP pool; one of the pool where it is another pool. */
        OWN_CONNECTION,
        /** A connection of the pool, held for good. */
        POOL
    }
}
