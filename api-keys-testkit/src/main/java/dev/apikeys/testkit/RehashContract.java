package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hash is replaced by one of the current scheme, and nothing else of the token changes. */
public interface RehashContract extends StoreUnderTest {
    @Test
    default void rehash_expectedHash_isReplacedAndNothingElseChanges() {
        ApiKey key = stored(new SampleKey().build());
        SecretHash next = new SecretHash("hmac$new");

        assertThat(store().rehash(key.publicId(), SampleKey.hashOf(key.publicId()), next))
                .isTrue();

        assertThat(store().findCredential(key.publicId()))
                .contains(new StoredCredential(key.publicId(), next, null, key));
    }

    @Test
    default void rehash_anotherHashOrNoToken_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        SecretHash stored = SampleKey.hashOf(key.publicId());
        SecretHash next = new SecretHash("hmac$new");

        assertThat(store().rehash(key.publicId(), next, next)).isFalse();
        assertThat(store().rehash(SampleKey.randomPublicId(), stored, next)).isFalse();
        assertThat(credential(key.publicId()).hash()).isEqualTo(stored);
    }

    @Test
    default void rehash_manyThreads_oneSucceeds() throws Exception {
        ApiKey key = stored(new SampleKey().build());
        SecretHash stored = SampleKey.hashOf(key.publicId());

        List<Boolean> replaced =
                Race.between(8, i -> () -> store().rehash(key.publicId(), stored, new SecretHash("hmac$" + i)));

        assertThat(replaced).containsOnlyOnce(true);
        assertThat(credential(key.publicId()).hash()).isEqualTo(new SecretHash("hmac$" + replaced.indexOf(true)));
    }

    @Test
    default void rehash_ofARevokedKey_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        SecretHash stored = SampleKey.hashOf(key.publicId());
        applied(SampleKey.revoke(key));

        assertThat(store().rehash(key.publicId(), stored, new SecretHash("hmac$new")))
                .isFalse();
        assertThat(credential(key.publicId()).hash()).isEqualTo(stored);
    }

    @Test
    default void rehash_againstARevocation_neverComesAfterIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            ApiKey key = stored(new SampleKey().of(Owner.user("user" + round)).build());
            SecretHash stored = SampleKey.hashOf(key.publicId());
            SecretHash next = new SecretHash("hmac$new");
            List<Boolean> done = Race.between(2, i -> () -> {
                if (i == 0) {
                    return store().rehash(key.publicId(), stored, next);
                }
                boolean revoked = store().apply(SampleKey.revoke(key)).isPresent();
                SecretHash atRevocation = credential(key.publicId()).hash();
                assertThat(store().rehash(key.publicId(), stored, new SecretHash("hmac$late")))
                        .isFalse();
                assertThat(credential(key.publicId()).hash()).isEqualTo(atRevocation);
                return revoked;
            });
            assertThat(done.get(1)).isTrue();
            assertThat(credential(key.publicId()).hash()).isEqualTo(done.get(0) ? next : stored);
        }
    }

    @Test
    default void rehash_ofATokenInGrace_replacesItsHashAndKeepsItsEnd() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey rotated = rotated(key);
        SecretHash next = new SecretHash("hmac$new");

        assertThat(store().rehash(key.publicId(), SampleKey.hashOf(key.publicId()), next))
                .isTrue();

        assertThat(credential(key.publicId()))
                .isEqualTo(new StoredCredential(key.publicId(), next, NOW.plus(Duration.ofHours(1)), rotated));
        assertThat(credential(rotated.publicId()))
                .isEqualTo(
                        new StoredCredential(rotated.publicId(), SampleKey.hashOf(rotated.publicId()), null, rotated));
    }

    @Test
    default void rehash_ofTheCurrentToken_leavesTheOneInGrace() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey rotated = rotated(key);
        SecretHash next = new SecretHash("hmac$new");

        assertThat(store().rehash(rotated.publicId(), SampleKey.hashOf(rotated.publicId()), next))
                .isTrue();

        assertThat(credential(rotated.publicId()))
                .isEqualTo(new StoredCredential(rotated.publicId(), next, null, rotated));
        assertThat(credential(key.publicId()))
                .isEqualTo(new StoredCredential(
                        key.publicId(), SampleKey.hashOf(key.publicId()), NOW.plus(Duration.ofHours(1)), rotated));
    }

    @Test
    default void rehash_ofAPausedKey_replacesItsHash() {
        ApiKey key = stored(new SampleKey().build());
        KeyChange pause = SampleKey.pause(key);
        applied(pause);
        SecretHash next = new SecretHash("hmac$new");

        assertThat(store().rehash(key.publicId(), SampleKey.hashOf(key.publicId()), next))
                .isTrue();

        assertThat(credential(key.publicId()))
                .isEqualTo(new StoredCredential(key.publicId(), next, null, pause.after()));
    }
}
