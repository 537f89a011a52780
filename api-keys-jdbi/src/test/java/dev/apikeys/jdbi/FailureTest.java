package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tr-skip") // A fault knows no locale.
class FailureTest {
    private final H2Database database = H2Database.inMemory();
    private ApiKeyStore store;

    @BeforeEach
    void createStore() {
        store = JdbiApiKeyStore.create(database.dataSource());
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void everyCall_onAClosedPool_isUnavailableWithoutStatementsOrValues() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        HikariDataSource pool = new HikariDataSource(config);
        store = JdbiApiKeyStore.create(pool);
        pool.close();

        everyCall().forEach((name, call) -> assertUnavailable(name, call));
    }

    @Test
    void everyCall_whenItsTablesAreGone_isUnavailableWithoutStatementsOrValues() {
        SchemaTable.ALL.forEach(table -> database.execute("DROP TABLE " + table.name()));
        everyCall().forEach((name, call) -> assertUnavailable(name, call));
    }

    @Test
    void everyCall_onAPoolThatThrowsItsOwnExceptions_isUnavailable() {
        boolean[] broken = new boolean[1];
        store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.dataSource(), call -> {
            if (broken[0] && !call.name().equals("close")) {
                throw new IllegalStateException("a pool of another kind");
            }
            return call.proceed();
        }));
        broken[0] = true;
        everyCall().forEach((name, call) -> assertUnavailable(name, call));
    }

    /** Looking for the innermost cause must end. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyCall_whoseFailureIsTheCauseOfItsCause_isUnavailable() {
        boolean[] broken = new boolean[1];
        store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.dataSource(), call -> {
            if (broken[0] && !call.name().equals("close")) {
                SQLException failure = new SQLException("no", "08006");
                failure.initCause(new IOException("connection reset", failure));
                throw failure;
            }
            return call.proceed();
        }));
        broken[0] = true;
        everyCall().forEach((name, call) -> assertUnavailable(name, call));
    }

    @Test
    void read_rowOfAVersionThatIsUnknownHere_isUnavailable() {
        ApiKey key = stored(new SampleKey().build());
        database.execute("UPDATE api_key SET kind = 'ROBOT'", "UPDATE api_key_audit SET event = 'LENT'");
        assertUnavailable("find", () -> store.find(key.id(), KeyFilter.everything()));
        assertUnavailable("findCredential", () -> store.findCredential(key.publicId()));
        assertUnavailable("audit", () -> store.audit(AuditFilter.everything(), PageRequest.first(1)));
    }

    @Test
    void read_grantThatIsEmpty_isUnavailable() {
        ApiKey key = stored(new SampleKey().build());
        database.execute("UPDATE api_key SET grant_mode = NULL");
        assertUnavailable("findCredential", () -> store.findCredential(key.publicId()));
    }

    @Test
    void epoch_whenItsRowIsGone_isUnavailableAndNothingChanges() {
        ApiKey key = stored(new SampleKey().build());
        database.execute("DELETE FROM api_key_epoch");
        assertUnavailable("apply", () -> store.apply(SampleKey.pause(key)));
        assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
    }

    @Test
    void hash_thatNoColumnHolds_isRefusedBeforeItIsStored() {
        ApiKey key = new SampleKey().build();
        for (String encoded : List.of("canary" + "x".repeat(507), "canary\n", "canary\u0000", "canaryä")) {
            SecretHash hash = new SecretHash(encoded);
            assertThatThrownBy(() -> store.insert(SampleKey.toAdd(key, hash)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("canary");
            assertThatThrownBy(() -> store.rehash(key.publicId(), hash, hash))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("canary");
        }
    }

    @Test
    void publicId_thatIsNone_isRefusedBeforeItIsStored() {
        for (String none : List.of("", "ABCDEF01", "a".repeat(33), "xyz", "abc ")) {
            ApiKey key = new SampleKey().publicId(none).build();
            assertThatThrownBy(() -> stored(key)).isInstanceOf(IllegalArgumentException.class);
            assertThat(store.rehash(none, new SecretHash("a"), new SecretHash("b")))
                    .isFalse();
        }
    }

    @Test
    void hash_ofAKeyThatCannotBeStored_isInNoException() {
        ApiKey key = stored(new SampleKey().build());
        assertThat(trace(() -> stored(key)))
                .contains(DuplicateKeyException.class.getName())
                .doesNotContain("canary");

        database.execute("ALTER TABLE api_key_credential ALTER COLUMN secret_hash VARCHAR(60)");
        ApiKey next = new SampleKey().build();
        SecretHash tooLong = new SecretHash("canary$" + "0123456789".repeat(8));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.insert(SampleKey.toAdd(next, tooLong)),
                () -> store.rehash(key.publicId(), SampleKey.hashOf(key.publicId()), tooLong))) {
            assertThat(trace(call))
                    .contains(StoreUnavailableException.class.getName())
                    .contains("22001")
                    .doesNotContain("canary")
                    .doesNotContain("01234567");
        }
    }

    private Map<String, ThrowingCallable> everyCall() {
        ApiKey key = new SampleKey().named("confidential").build();
        SecretHash hash = SampleKey.hashOf(key.publicId());
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("insert", () -> stored(key));
        calls.put("findCredential", () -> store.findCredential(key.publicId()));
        calls.put("find", () -> store.find(UUID.randomUUID(), KeyFilter.everything()));
        calls.put("list", () -> store.list(KeyFilter.everything().search("confidential"), PageRequest.first(1)));
        calls.put("apply", () -> store.apply(SampleKey.pause(key)));
        calls.put(
                "rotate",
                () -> store.apply(SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, Duration.ofHours(1))));
        calls.put("ownerChanged", () -> store.ownerChanged(Owner.user("confidential")));
        calls.put("rehash", () -> store.rehash(key.publicId(), hash, hash));
        calls.put("recordUses", () -> store.recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW, null)))));
        calls.put("appendAudit", () -> store.appendAudit(List.of(SampleKey.audit(key, AuditEvent.AUTH_FAILED, NOW))));
        calls.put("audit", () -> store.audit(AuditFilter.everything(), PageRequest.first(1)));
        return calls;
    }

    private static void assertUnavailable(String name, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown)
                .as(name)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("could not ");
        assertThat(thrown.getMessage())
                .as(name)
                .doesNotContain("api_key", "SELECT", "INSERT", "UPDATE", "?", "confidential");
        assertThat(thrown.getCause()).as(name).isNotNull();
        assertThat(trace(call)).as(name).doesNotContain("confidential", "canary", "org.jdbi.v3.core.statement.Unable");
    }

    private static String trace(ThrowingCallable call) {
        StringWriter text = new StringWriter();
        catchThrowable(call).printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private ApiKey stored(ApiKey key) {
        store.insert(SampleKey.toAdd(key, 5));
        return key;
    }
}
