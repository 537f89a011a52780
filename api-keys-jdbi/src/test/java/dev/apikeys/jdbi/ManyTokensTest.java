package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However often a key was rotated, its changes are carried out, and cost about the same. */
@Tag("tr-skip") // Counting knows no locale.
class ManyTokensTest {
    /** Three values for each are more than a statement of PostgreSQL may have. */
    private static final int TOO_MANY_FOR_A_STATEMENT = 22_000;

    private static final int CURRENT_AND_PREVIOUS = 2;

    private static ApiKey stored(ApiKeyStore store) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 1));
        return key;
    }

    @ParameterizedTest
    @EnumSource
    void rotations_manyInADay_leaveAFewTokens_andNameWhatTheyRemove(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            ApiKey key = stored(store);
            String first = key.publicId();
            AppliedChange latest = null;
            for (int i = 0; i < Credentials.ENDED_KEPT + 20; i++) {
                KeyChange rotation =
                        SampleKey.rotate(key, SampleKey.randomPublicId(), NOW.plusSeconds(i), Duration.ofHours(24));
                latest = store.apply(rotation).orElseThrow();
                key = rotation.after();
            }

            int kept = Credentials.ENDED_KEPT + CURRENT_AND_PREVIOUS;
            assertThat(database.number("SELECT COUNT(*) FROM api_key_credential"))
                    .isEqualTo(kept);
            assertThat(latest.publicIds()).hasSize(kept + 1);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_change WHERE epoch = " + latest.epoch()))
                    .isEqualTo(kept + 1);
            assertThat(store.findCredential(first)).isEmpty();
            // Once when it was rotated away, and for the last time when it went.
            assertThat(database.number("SELECT MAX(epoch) FROM api_key_change WHERE public_id = '" + first + "'"))
                    .isEqualTo(latest.epoch() - 18);
        }
    }

    @ParameterizedTest
    @EnumSource
    void revocation_ofAKeyWithAnyNumberOfTokens_holds(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            ApiKey key = stored(store);
            end(database, key, TOO_MANY_FOR_A_STATEMENT);

            Optional<AppliedChange> revoked = store.apply(SampleKey.revoke(key));

            assertThat(revoked.orElseThrow().publicIds()).hasSize(TOO_MANY_FOR_A_STATEMENT + 1);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_change WHERE epoch = "
                            + revoked.orElseThrow().epoch()))
                    .isEqualTo(TOO_MANY_FOR_A_STATEMENT + 1);
            assertThat(store.findCredential(key.publicId()).orElseThrow().key().revocation())
                    .isNotNull();
        }
    }

    /** Adds tokens of the key that have just ended. */
    private static void end(TestDatabase database, ApiKey key, int tokens) throws Exception {
        try (Connection connection = database.plain().getConnection();
                PreparedStatement insert = connection.prepareStatement(Credentials.INSERT_IN_GRACE)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < tokens; i++) {
                insert.setString(1, SampleKey.randomPublicId());
                insert.setString(2, key.id().toString());
                insert.setString(3, "sha256$none");
                insert.setLong(4, NOW.toEpochMilli());
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    /** Its time may be wrong, and the others' right: to them the token before has not ended. */
    @ParameterizedTest
    @EnumSource
    void change_byANodeWhoseTimeIsAhead_namesTheTokenBeforeToo(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            ApiKeyStore store = database.store(2);
            ApiKey key = stored(store);
            KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, Duration.ofDays(7));
            store.apply(rotation);
            AuditEntry audit = SampleKey.audit(rotation.after(), AuditEvent.REVOKED, NOW.plus(Duration.ofDays(400)));

            long epoch = store.apply(new KeyChange(
                            rotation.after(), SampleKey.revoke(rotation.after()).after(), null, audit))
                    .orElseThrow()
                    .epoch();

            assertThat(database.number("SELECT COUNT(*) FROM api_key_change WHERE epoch = " + epoch
                            + " AND public_id = '" + key.publicId() + "'"))
                    .isEqualTo(1);
        }
    }
}
