package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each change of a key or an owner raises the epoch by one. Nothing else does. */
public interface EpochContract extends StoreUnderTest {
    @Test
    default void epoch_eachChange_raisesItByOne() {
        ApiKey key = stored(new SampleKey().build());
        long epoch = nextEpoch();

        KeyChange pause = SampleKey.pause(key);
        assertThat(applied(pause).epoch()).isEqualTo(epoch + 1);
        KeyChange rotation =
                SampleKey.rotate(pause.after(), SampleKey.randomPublicId(), NOW.plusSeconds(61), Duration.ofHours(1));
        assertThat(applied(rotation).epoch()).isEqualTo(epoch + 2);
        assertThat(applied(SampleKey.revoke(rotation.after())).epoch()).isEqualTo(epoch + 3);
    }

    @Test
    default void epoch_ownerChanged_raisesItByOneForEverySelector() {
        long epoch = nextEpoch();
        assertThat(store().ownerChanged(Owner.user("alice"))).isEqualTo(epoch + 1);
        assertThat(store().ownerChanged(Owner.organization("org_1"))).isEqualTo(epoch + 2);
        assertThat(store().ownerChanged(new Owner("alice", "org_1", "ws_1"))).isEqualTo(epoch + 3);
        assertThat(store().ownerChanged(Owner.user("alice"))).isEqualTo(epoch + 4);
    }

    @Test
    default void epoch_createUseRehashAuditAndRefusals_doNotRaiseIt() {
        long epoch = nextEpoch();

        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW, null))));
        store().rehash(key.publicId(), SampleKey.hashOf(key.publicId()), new SecretHash("hmac$new"));
        store().appendAudit(List.of(SampleKey.audit(key, AuditEvent.AUTH_FAILED, NOW)));
        store().apply(SampleKey.pause(new SampleKey().build()));
        try {
            stored(new SampleKey().build(), 1);
        } catch (KeyLimitExceededException expected) {
            assertThat(expected.limit()).isEqualTo(1);
        }

        assertThat(nextEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    default void epoch_importAndItsTrial_doNotRaiseIt() {
        long epoch = nextEpoch();
        KeyImport added = SampleKey.toImport(new SampleKey().build());
        KeyImport conflict =
                SampleKey.toImport(new SampleKey().id(added.key().key().id()).build());

        assertThat(store().tryImport(List.of(added))).containsExactly(Outcome.IMPORTED);
        assertThat(store().importKeys(List.of(added))).containsExactly(Outcome.IMPORTED);
        assertThat(store().importKeys(List.of(added, conflict))).containsExactly(Outcome.DUPLICATE, Outcome.CONFLICT);

        assertThat(nextEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    default void epoch_manyThreads_giveEachChangeItsOwnWithoutGaps() throws Exception {
        int threads = 8;
        int each = 25;
        long before = nextEpoch();
        long last = before + (long) threads * each;

        List<Set<Long>> results = Race.between(threads, i -> () -> {
            Set<Long> mine = new HashSet<>();
            ApiKey key = stored(new SampleKey().of(Owner.user("user" + i)).build());
            for (int n = 0; n < each; n++) {
                if (n % 2 == 0) {
                    mine.add(store().ownerChanged(Owner.user("user" + i)));
                } else {
                    ApiKey now = current(key);
                    ApiKey next = now.pausedAt() == null ? now.paused(NOW) : now.resumed(NOW);
                    mine.add(applied(SampleKey.change(now, next, NOW)).epoch());
                }
            }
            return mine;
        });

        Set<Long> all = new HashSet<>();
        results.forEach(all::addAll);
        assertThat(all).hasSize(threads * each);
        assertThat(all).allMatch(epoch -> epoch > before && epoch <= last);
        assertThat(nextEpoch()).isEqualTo(last + 1);
    }
}
