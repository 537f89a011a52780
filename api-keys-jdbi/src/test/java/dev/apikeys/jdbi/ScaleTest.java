package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A million keys in PostgreSQL: what a key that isn't cached costs, beside the same SELECT by plain JDBC over the same
 * pool, and what a new key costs, beside plain JDBC that stores the same rows as one would by hand: an INSERT for each, in
 * one transaction. Blocks of one and of the other take turns, two threads each.
 */
@Tag("endurance")
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ScaleTest {
    private static final int KEYS = 1_000_000;
    private static final int THREADS = 2;
    private static final int BLOCK = 500;
    /** Until the compiler is done with both sides; it would take its time from the side that has more code. */
    private static final int WARM_UP_ROUNDS = 10;

    private static final int ROUNDS = 10;
    private static final String DATABASE = "POSTGRESQL, 1 M keys";

    private static final String SELECT = "SELECT " + KeyRow.COLUMNS + ", c.secret_hash, c.valid_until"
            + " FROM api_key_credential c JOIN api_key k ON k.id = c.key_id"
            + " LEFT JOIN api_key_usage u ON u.key_id = k.id WHERE c.public_id = ?";

    /** The columns of {@link #SELECT} that the library reads as numbers. */
    private static final Set<Integer> NUMBERS = Set.of(11, 13, 14, 15, 18, 20, 24, 25, 27);

    @Test
    void store_aMillionKeys_costsLittleMoreThanItsStatements(Figures figures) throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                HikariDataSource pool = database.pool(8);
                Nodes nodes = new Nodes()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .build();
            fill(database);
            KeyService issuing = nodes.add(store, LeasePolicy.DEFAULT);
            KeyService verifying = nodes.add(store, LeasePolicy.DEFAULT);
            List<long[]> issue = new ArrayList<>();
            List<long[]> plainIssue = new ArrayList<>();
            List<long[]> cold = new ArrayList<>();
            List<long[]> plainSelect = new ArrayList<>();
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                String prefix = "new" + round + ".";
                List<List<IssuedKey>> issued = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    issued.add(new ArrayList<>());
                }
                long[] a =
                        times((thread, n) -> issued.get(thread).add(Nodes.issue(issuing, prefix + thread + "." + n)));
                long[] b = times((thread, n) -> plainIssue(pool, prefix + thread + "." + n));
                Step verify = (thread, n) -> assertThat(Nodes.accepts(
                                verifying, issued.get(thread).get(n).token().reveal()))
                        .isTrue();
                Step select = (thread, n) ->
                        plainSelect(pool, issued.get(thread).get(n).key().publicId());
                // The first reader of a new row does work for the next reader, so both sides alternate.
                boolean verifyFirst = round % 2 == 0;
                long[] first = times(verifyFirst ? verify : select);
                long[] second = times(verifyFirst ? select : verify);
                long[] c = verifyFirst ? first : second;
                long[] d = verifyFirst ? second : first;
                if (round >= 0) {
                    issue.add(a);
                    plainIssue.add(b);
                    cold.add(c);
                    plainSelect.add(d);
                }
            }
            double issues = compare("issue", issue, "issue, its inserts by plain JDBC", plainIssue, figures);
            double looks =
                    compare("verify, cold", cold, "verify, cold, its select by plain JDBC", plainSelect, figures);
            long n = (long) THREADS * BLOCK * ROUNDS;
            figures.ratio("issue, beside its inserts, medians", DATABASE, n, issues, 1.3);
            figures.ratio("verify, cold, beside its select, medians", DATABASE, n, looks, 1.5);
            measureRest(store, issuing, figures);
        }
    }

    private static void measureRest(JdbiApiKeyStore store, KeyService service, Figures figures) throws Exception {
        long[] revocations = new long[500];
        for (int i = 0; i < revocations.length; i++) {
            IssuedKey key = Nodes.issue(service, "revoked" + i);
            long began = System.nanoTime();
            service.revoke(Nodes.ref(key), Nodes.ADMIN, "");
            revocations[i] = System.nanoTime() - began;
        }
        figures.measured("revoke, duration of the call", DATABASE, revocations);
        try (ChangeFeed feed = store.openChangeFeed(Duration.ofSeconds(5))) {
            FeedPosition position = feed.read(null).position();
            long[] readings = new long[5_000];
            for (int i = 0; i < readings.length; i++) {
                long began = System.nanoTime();
                feed.read(position);
                readings[i] = System.nanoTime() - began;
            }
            figures.measured("one poll that finds nothing", DATABASE, readings);
        }
        long[] maintenance = new long[5];
        for (int i = 0; i < maintenance.length; i++) {
            long began = System.nanoTime();
            service.maintain();
            maintenance[i] = System.nanoTime() - began;
        }
        figures.measured("maintenance that finds nothing", DATABASE, maintenance);
    }

    /** Keys of 200,000 owners, a year old at the most, a tenth of them revoked some time ago. */
    private static void fill(TestDatabase database) {
        database.execute(
                """
                INSERT INTO api_key (id, public_id, kind, user_id, organization_id, workspace_id, owner_id, slot, name,
                search_text, grant_mode, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version,
                mcp_seen_version, created_at, created_by, expires_at, revoked_at, revoked_by, revoked_reason, version)
                SELECT CAST(CAST(md5('id' || g) AS uuid) AS text), left(md5('public' || g), 24), 'PERSONAL',
                'user' || g / 5, 'org_1', '', md5('owner' || g / 5), CASE WHEN g %% 10 = 0 THEN NULL ELSE g %% 5 END,
                'CRM', 'crm', 'READ', '', 'REFUSED', 'organization', 'active none' || chr(10) || chr(10), 1, 0,
                now.ms - g * 31536, 'user' || g / 5,
                now.ms + 31536000000 - g * 31536, CASE WHEN g %% 10 = 0 THEN now.ms - 86400000 END,
                CASE WHEN g %% 10 = 0 THEN 'admin' END, CASE WHEN g %% 10 = 0 THEN '' END, 1
                FROM generate_series(CAST(1 AS BIGINT), %d) g, (SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT) AS ms) now""".formatted(KEYS),
                "INSERT INTO api_key_credential (public_id, key_id, secret_hash)"
                        + " SELECT public_id, id, 'sha256$' || md5(id) || md5(public_id) FROM api_key",
                "VACUUM ANALYZE api_key",
                "VACUUM ANALYZE api_key_credential");
    }

    private interface Step {
        void run(int thread, int n) throws Exception;
    }

    private static long[] times(Step step) throws Exception {
        List<long[]> all = Race.between(THREADS, thread -> (Callable<long[]>) () -> {
            long[] mine = new long[BLOCK];
            for (int n = 0; n < BLOCK; n++) {
                long began = System.nanoTime();
                step.run(thread, n);
                mine[n] = System.nanoTime() - began;
            }
            return mine;
        });
        return all.stream().flatMapToLong(LongStream::of).toArray();
    }

    private static void plainIssue(DataSource pool, String user) throws SQLException {
        String id = UUID.randomUUID().toString();
        String publicId = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        long now = System.currentTimeMillis();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            String owner = UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .replace("-", "");
            insert(connection, "api_key_owner (owner_id)", owner);
            insert(
                    connection,
                    "api_key (id, public_id, kind, user_id, organization_id, workspace_id, owner_id, slot, name,"
                            + " search_text, grant_mode, allowed_from, self_revocation, label, mcp_policy,"
                            + " mcp_policy_version, mcp_seen_version, created_at, created_by, expires_at, version)",
                    id,
                    publicId,
                    "PERSONAL",
                    user,
                    "org_1",
                    "",
                    owner,
                    0,
                    "CRM",
                    "crm\n" + user + "\norg_1",
                    "READ",
                    "",
                    "REFUSED",
                    "organization",
                    "active none\n\n",
                    1L,
                    0L,
                    now,
                    user,
                    now + 7_776_000_000L,
                    1L);
            insert(
                    connection,
                    "api_key_credential (public_id, key_id, secret_hash)",
                    publicId,
                    id,
                    "sha256$" + "0".repeat(64));
            insert(
                    connection,
                    "api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event, reason,"
                            + " key_name, key_mode, actor, created_at)",
                    UUID.randomUUID().toString(),
                    id,
                    "PERSONAL",
                    user,
                    "org_1",
                    "",
                    owner,
                    "CREATED",
                    "",
                    "CRM",
                    "READ",
                    user,
                    now);
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static void insert(Connection connection, String into, Object... values) throws SQLException {
        String marks = "?, ".repeat(values.length - 1) + "?";
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO " + into + " VALUES (" + marks + ")")) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static void plainSelect(DataSource pool, String publicId) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setString(1, publicId);
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                for (int column = 1; column <= KeyRow.COLUMN_COUNT + 2; column++) {
                    if (NUMBERS.contains(column)) {
                        row.getLong(column);
                    } else {
                        row.getString(column);
                    }
                }
            }
        }
    }

    private static double compare(String what, List<long[]> ours, String plainly, List<long[]> plain, Figures figures) {
        figures.measured(what, DATABASE, joined(ours));
        figures.measured(plainly, DATABASE, joined(plain));
        return (double) median(ours) / median(plain);
    }

    private static long median(List<long[]> parts) {
        long[] all = joined(parts);
        Arrays.sort(all);
        return all[all.length / 2];
    }

    private static long[] joined(List<long[]> parts) {
        return parts.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
