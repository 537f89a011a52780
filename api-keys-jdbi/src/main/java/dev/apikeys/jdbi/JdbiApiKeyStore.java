package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys in a SQL database: H2, PostgreSQL (from 13), MariaDB (from 10.6) or MySQL (from 8.0).
 *
 * <p>On an empty database {@link #create} makes the tables, and it upgrades tables of an older version. Where Flyway
 * manages the schema, either copy the scripts from {@code classpath:dev/apikeys/jdbi/schema/<database>}, with {@code h2},
 * {@code postgresql} or {@code mariadb} for the database, under versions of your own, or give Flyway this location with a
 * history table of its own and the baseline version 0; {@code create} then finds the tables and leaves them alone.
 * Without DDL rights, run the scripts by hand and grant {@code SELECT, INSERT, UPDATE, DELETE}. {@link ApiKeySchema} has
 * the scripts and runs them.
 *
 * <p>Every call takes a connection from the pool and gives it back with the settings that it had. Each transaction is
 * READ COMMITTED, whatever the pool's default, and is run again at most three times after a deadlock. Give the store
 * the pool itself: a call commits what it did, so a proxy that joins the host's transactions is refused.
 *
 * <p>Thread-safe. It need not be closed. The host closes the pool.
 */
public final class JdbiApiKeyStore implements ApiKeyStore {
    private final DatabaseLink link;
    private final ConnectionOpener feedSource;

    private JdbiApiKeyStore(Builder settings) {
        DataSource pool = settings.dataSource;
        DataSource forPoller = settings.feedSource;
        HostTransactions.refuse(pool);
        this.feedSource = new ConnectionOpener(
                forPoller == null ? () -> HikariSettings.plainConnection(pool) : forPoller::getConnection);
        this.link = new DatabaseLink(settings.schemaHandling, () -> check(settings));
        HikariSettings.warnOfPatience(pool, settings.statementTimeout);
    }

    private DatabaseLink.Checked check(Builder settings) {
        DataSource pool = settings.dataSource;
        DataSource forPoller = settings.feedSource;
        Schema schema = new Schema(pool, settings.statementTimeout);
        TextSearch search = schema.prepare(
                settings.schemaHandling, (connection, kind) -> TextSearch.of(connection, kind, settings.search));
        Database database = search.database();
        if (forPoller != null) {
            schema.requireSameHistory("feedDataSource", feedSource);
        }
        if (!HikariSettings.sharesPool(pool)) {
            schema.requireSameHistory(
                    "connection with the settings of the HikariCP pool",
                    new ConnectionOpener(() -> HikariSettings.plainConnection(pool)));
        }
        CallConnections connections =
                new CallConnections(pool, () -> forPoller == null && HikariSettings.sharesPool(pool));
        Transactions transactions = new Transactions(connections, database, settings.statementTimeout);
        transactions.prepare();
        return new DatabaseLink.Checked(database, transactions, new EpochTable(database), search);
    }

    private Transactions transactions() {
        return link.open().transactions();
    }

    private EpochTable epochs() {
        return link.open().epochs();
    }

    private Database database() {
        return link.open().database();
    }

    private TextSearch textSearch() {
        return link.open().search();
    }

    /**
     * A store on this database with default settings. Creates the tables if there are none, and upgrades older ones.
     *
     * @throws IllegalStateException when the database is of another kind, has only some of the tables or those of
     *     another version, when a right is missing, when it is read-only or can't hold every text, when it compares
     *     texts without regard to case or to blanks at their end, or when the poller would read another one; the
     *     message says what to do
     * @throws dev.apikeys.StoreUnavailableException when the database can't be reached
     */
    public static JdbiApiKeyStore create(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** A store on this database, with settings. */
    public static Builder builder(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return new Builder(dataSource);
    }

    @Override
    public void insert(NewKey key) {
        Objects.requireNonNull(key, "key");
        transactions().change("store the key", new KeyInsert(database(), key));
    }

    @Override
    public List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        return transactions().change("import keys", new KeyBatch(keys, OwnerBatch.Effect.STORE, database()));
    }

    @Override
    public List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        Objects.requireNonNull(keys, "keys");
        return transactions().read("look for keys to import", new KeyBatch(keys, OwnerBatch.Effect.NONE, database()));
    }

    @Override
    public List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(endedBefore, "endedBefore");
        return transactions().read("export keys", handle -> KeyExport.page(handle, page, endedBefore));
    }

    @Override
    public Map<String, Long> countHashes() {
        return transactions().read("count hashes", KeyExport::countHashes);
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        Objects.requireNonNull(publicId, "publicId");
        return Credentials.isPublicId(publicId)
                ? transactions()
                        .readOnce("look up the token", Credentials.FIND, select -> Credentials.find(select, publicId))
                : Optional.empty();
    }

    @Override
    public Set<String> findMissing(Collection<String> publicIds) {
        Objects.requireNonNull(publicIds, "publicIds");
        return transactions().read("look for cached keys", handle -> Credentials.missing(handle, publicIds));
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(within, "within");
        Conditions conditions = KeyQueries.finding(id, within, textSearch());
        return transactions()
                .readOnce("find the key", KeyQueries.select(conditions), select -> KeyQueries.find(select, conditions));
    }

    @Override
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        TextSearch search = textSearch();
        BoundedCount counting = new BoundedCount(search.database());
        return transactions().read("list keys", handle -> {
            Conditions conditions = KeyConditions.of(filter, search.sampled(handle, filter));
            return KeyQueries.list(handle, conditions, page, counting);
        });
    }

    /**
     * Where {@link #list} looks for a text among the keys of many owners: where {@link Builder#search} says. By default
     * {@link KeySearch#ANYWHERE_FROM_THREE} on a PostgreSQL with the index of trigrams, which the tables have if the extension
     * {@code pg_trgm} could be used when they were made, and {@link KeySearch#ANYWHERE} on any other database, which then reads
     * every key.
     *
     * @throws dev.apikeys.StoreUnavailableException while the database was never reached
     */
    @Override
    public KeySearch keySearch() {
        return textSearch().where();
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        Objects.requireNonNull(change, "change");
        return transactions().change("change the key", new KeyTransition(epochs(), change));
    }

    @Override
    public long ownerChanged(Owner selector) {
        Objects.requireNonNull(selector, "selector");
        return transactions().change("note the change of the owner", handle -> epochs().raise(handle, selector));
    }

    @Override
    public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(replacement, "replacement");
        Credentials.requireStorable(replacement);
        return Credentials.isPublicId(publicId)
                && transactions().change("replace the hash", new HashReplacement(publicId, expected, replacement));
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        Objects.requireNonNull(uses, "uses");
        List<KeyUse> batch = List.copyOf(uses);
        if (!batch.isEmpty()) {
            transactions().carryOut("record uses", handle -> Usage.record(handle, database(), batch));
        }
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        Objects.requireNonNull(keyId, "keyId");
        transactions()
                .carryOut(
                        "record the session",
                        handle -> handle.execute(KeyRow.SEE_POLICY, policyVersion, keyId.toString(), policyVersion));
    }

    @Override
    public void appendAudit(Collection<AuditEntry> entries) {
        Objects.requireNonNull(entries, "entries");
        List<AuditEntry> batch = List.copyOf(entries);
        if (!batch.isEmpty()) {
            transactions().change("append to the audit trail", new AuditAppend(batch));
        }
    }

    @Override
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(page, "page");
        Conditions conditions = AuditTrail.conditions(filter);
        BoundedCount counting = new BoundedCount(database());
        return transactions()
                .read("list the audit trail", handle -> AuditTrail.list(handle, conditions, page, counting));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Keeps one connection of {@link Builder#feedDataSource} until it is closed.
     */
    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return new JdbiChangeFeed(feedSource, database(), timeout);
    }

    @Override
    public Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        Objects.requireNonNull(changedBefore, "changedBefore");
        return transactions().change("tidy up", new MaintenanceStep(epochs(), endedBefore, changedBefore, limit));
    }

    /**
     * How many transactions of this store were rolled back by the database, or lost their connection, and were run again: 0
     * or a few on one primary, many where several members of a Galera cluster are written to.
     */
    public long retries() {
        return link.opened().map(open -> open.transactions().retries()).orElse(0L);
    }

    @Override
    public Housekeeping housekeeping() {
        return new JdbiHousekeeping(this::transactions, this::textSearch);
    }

    /** What to do about the tables when the store starts. */
    enum SchemaHandling {
        APPLY,
        EXPECT
    }

    /** Collects the settings of a store; every value is checked as it is given. Not thread-safe. */
    public static final class Builder {
        private static final Duration MAX_STATEMENT_TIMEOUT = Duration.ofMinutes(5);

        private final DataSource dataSource;
        private SchemaHandling schemaHandling = SchemaHandling.APPLY;
        private Duration statementTimeout = Duration.ofSeconds(5);
        private @Nullable DataSource feedSource;
        private @Nullable KeySearch search;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** Creates the tables if there are none, and upgrades older ones. This is the default. */
        public Builder applySchema() {
            schemaHandling = SchemaHandling.APPLY;
            return this;
        }

        /**
         * Only checks that the tables exist, for a database user who may not create tables. With it the store also
         * starts while the database can't be reached: every call throws {@link dev.apikeys.StoreUnavailableException}
         * until the first one that reaches it, which checks the tables then.
         */
        public Builder expectSchema() {
            schemaHandling = SchemaHandling.EXPECT;
            return this;
        }

        /**
         * How long one statement may take; default 5 s. A connection that is silent for one second longer is closed. At
         * the start, a store waits that long for another one that is creating the tables.
         *
         * @throws IllegalArgumentException unless it is whole seconds, 1 s to 5 min
         */
        public Builder statementTimeout(Duration timeout) {
            Objects.requireNonNull(timeout, "timeout");
            if (timeout.compareTo(Duration.ofSeconds(1)) < 0
                    || timeout.compareTo(MAX_STATEMENT_TIMEOUT) > 0
                    || !timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
                throw new IllegalArgumentException("the statement time-out is whole seconds, 1 s to 5 min: " + timeout);
            }
            statementTimeout = timeout;
            return this;
        }

        /**
         * Where {@link JdbiApiKeyStore#list} looks for a text among the keys of many owners. {@link KeySearch#BEGINNING} is for
         * a database with more than 100,000 keys and without an index of trigrams, such as MariaDB.
         */
        public Builder search(KeySearch where) {
            search = Objects.requireNonNull(where, "where");
            return this;
        }

        /**
         * Where the poller takes its connection, one for each {@link dev.apikeys.KeyService}, which it keeps. By default a
         * connection of its own with the settings of a HikariCP pool; of any other pool it takes one away, so that the
         * pool needs at least two. A data source of the driver notices that a database is back without waiting for a
         * pool to try again.
         *
         * @throws IllegalStateException in {@link #build()} when it takes part in transactions of the host
         */
        public Builder feedDataSource(DataSource source) {
            Objects.requireNonNull(source, "source");
            feedSource = Objects.requireNonNull(source, "feedDataSource");
            return this;
        }

        /**
         * Builds the store.
         *
         * @throws IllegalStateException as for {@link JdbiApiKeyStore#create}
         * @throws dev.apikeys.StoreUnavailableException when the database can't be reached, unless {@link #expectSchema};
         *     when it doesn't let the user in, in any case
         */
        public JdbiApiKeyStore build() {
            if (feedSource != null) {
                HostTransactions.refuse(feedSource);
            }
            return new JdbiApiKeyStore(this);
        }
    }
}
