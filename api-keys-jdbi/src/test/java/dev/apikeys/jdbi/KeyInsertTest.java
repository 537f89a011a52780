package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditFilter;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.KeyUpdate;
import dev.apikeys.NameTakenException;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first key of an owner and the ones after it take different ways to the same rows. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
class KeyInsertTest {
    private static final SecretHash TOO_LONG = new SecretHash("canary$" + "0123456789".repeat(8));

    @ParameterizedTest
    @EnumSource
    void insert_firstKeyAndSecond_storeAllRows(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            List<ApiKey> keys = List.of(stored(store, 2), stored(store, 2));

            for (ApiKey key : keys) {
                assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
                assertThat(store.findCredential(key.publicId()))
                        .hasValueSatisfying(
                                found -> assertThat(found.hash()).isEqualTo(SampleKey.hashOf(key.publicId())));
                assertThat(store.audit(AuditFilter.everything().key(key.id()), PageRequest.first(2))
                                .total())
                        .isEqualTo(1);
            }
            assertThat(database.number("SELECT COUNT(*) FROM api_key_owner")).isEqualTo(1);
            assertThat(database.value("SELECT MIN(slot) FROM api_key")).isEqualTo("0");
            assertThat(database.value("SELECT MAX(slot) FROM api_key")).isEqualTo("1");
        }
    }

    /** A change that was decided before the end of a key, and is carried out after it. */
    @ParameterizedTest
    @EnumSource
    void update_ofAKeyWhosePlaceAnotherHasTaken_makesNoKeyTooMany(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            Instant end = SampleKey.NOW.plusSeconds(1);
            ApiKey ending = new SampleKey().expiresAt(end).build();
            store.insert(SampleKey.toAdd(ending, 1));
            ApiKey later = new SampleKey().createdAt(end).build();
            store.insert(SampleKey.toAdd(later, 1));

            ApiKey prolonged = ending.updated(KeyUpdate.nothing().expiresAt(end.plusSeconds(60)), SampleKey.NOW);

            assertThat(store.apply(SampleKey.change(ending, prolonged, SampleKey.NOW)))
                    .isEmpty();
            assertThat(store.list(KeyFilter.everything().liveAt(end), PageRequest.first(2))
                            .items())
                    .containsExactly(later);
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_firstKeyWhereNoneIsAllowed_isRefused(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            assertThatThrownBy(() -> stored(store, 0)).isInstanceOf(KeyLimitExceededException.class);
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_anotherFirstKeyComesBetween_takesTheNextSlot(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore quicker = database.store(2);
            stored(overtaken(database, () -> stored(quicker, 2)), 2);

            assertThat(database.value("SELECT MAX(slot) FROM api_key")).isEqualTo("1");
            assertThat(database.number("SELECT COUNT(*) FROM api_key_owner")).isEqualTo(1);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_audit")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_anotherFirstKeyComesBetweenAndIsEnough_isRefused(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore quicker = database.store(2);
            ApiKeyStore slower = overtaken(database, () -> stored(quicker, 1));

            assertThatThrownBy(() -> stored(slower, 1)).isInstanceOf(KeyLimitExceededException.class);

            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_anotherFirstKeyOfTheNameComesBetween_isRefused(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore quicker = database.store(2);
            ApiKeyStore slower = overtaken(database, () -> stored(quicker, 5));
            NewKey any = SampleKey.toAdd(new SampleKey().build(), 5);

            assertThatThrownBy(() -> slower.insert(new NewKey(any.key(), any.hash(), 5, NameRule.UNIQUE, any.audit())))
                    .isInstanceOf(NameTakenException.class);

            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_ownersRowIsGone_countsTheKeysAllTheSame(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            stored(store, 1);
            database.execute("DELETE FROM api_key_owner");

            assertThatThrownBy(() -> stored(store, 1)).isInstanceOf(KeyLimitExceededException.class);
            stored(store, 2);

            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_idsThatAreTaken_areRefusedForNewAndKnownOwners(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            ApiKey taken = stored(store, 5);
            for (Owner owner : List.of(ALICE, Owner.user("bob"))) {
                for (SampleKey sample :
                        List.of(new SampleKey().id(taken.id()), new SampleKey().publicId(taken.publicId()))) {
                    NewKey next = SampleKey.toAdd(sample.of(owner).build(), 5);
                    assertThatThrownBy(() -> store.insert(next)).isInstanceOf(DuplicateKeyException.class);
                    assertThat(trace(store, next)).doesNotContain("canary");
                }
            }
            for (String table : List.of("api_key", "api_key_credential", "api_key_audit", "api_key_owner")) {
                assertThat(database.number("SELECT COUNT(*) FROM " + table))
                        .as(table)
                        .isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void insert_hashThatTheDatabaseRefuses_isInNoMessageForNewAndKnownOwners(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            stored(store, 5);
            database.execute(
                    "ALTER TABLE api_key_credential ADD CONSTRAINT short_hash CHECK (CHAR_LENGTH(secret_hash) < 60)");
            for (Owner owner : List.of(ALICE, Owner.user("bob"))) {
                NewKey next = SampleKey.toAdd(new SampleKey().of(owner).build(), TOO_LONG);
                assertThat(trace(store, next))
                        .contains(StoreUnavailableException.class.getName())
                        .contains("SQL state 23")
                        .doesNotContain("canary")
                        .doesNotContain("01234567");
            }
            assertThat(database.number("SELECT COUNT(*) FROM api_key_owner")).isEqualTo(1);
        }
    }

    /** A store for one insertion: once it has found no row of the owner, and before it inserts one, others do this. */
    private static ApiKeyStore overtaken(TestDatabase database, Runnable others) {
        boolean[] watching = new boolean[1];
        AtomicInteger statements = new AtomicInteger();
        int last = database.url().startsWith("jdbc:mariadb") ? 3 : 2;
        DataSource watched = InterceptedDataSource.of(database.pool(2), call -> {
            boolean statement = List.of("createStatement", "prepareStatement").contains(call.name());
            if (watching[0] && statement && statements.incrementAndGet() == last) {
                others.run();
            }
            return call.proceed();
        });
        ApiKeyStore store = JdbiApiKeyStore.builder(watched).expectSchema().build();
        watching[0] = true;
        return store;
    }

    private static ApiKey stored(ApiKeyStore store, int maxActive) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, maxActive));
        return key;
    }

    private static String trace(ApiKeyStore store, NewKey key) {
        StringWriter text = new StringWriter();
        catchThrowable(() -> store.insert(key)).printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
