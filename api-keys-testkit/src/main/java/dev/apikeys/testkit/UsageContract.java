package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.KeyFilter;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.LatestUses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The latest use of a key only moves forward, and changes nothing else. */
public interface UsageContract extends StoreUnderTest {
    /** A use this many milliseconds after the start. Its address shows the time. */
    static LastUse use(int millis) {
        return new LastUse(NOW.plusMillis(millis), "192.0.2." + millis % 256);
    }

    @Test
    default void recordUses_laterUse_replacesTheEarlier() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), use(1))));
        store().recordUses(List.of(new KeyUse(key.id(), use(2))));

        assertThat(current(key).lastUse()).isEqualTo(use(2));
        assertThat(credential(key.publicId()).key().lastUse()).isEqualTo(use(2));
    }

    @Test
    default void recordUses_earlierOrSameUse_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), use(5))));
        store().recordUses(List.of(new KeyUse(key.id(), use(4))));
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(use(5).at(), "203.0.113.1"))));
        assertThat(current(key).lastUse()).isEqualTo(use(5));
    }

    @Test
    default void recordUses_unknownAddress_isStoredAsUnknown() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), use(1))));
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW.plusMillis(2), null))));
        assertThat(current(key).lastUse()).isEqualTo(new LastUse(NOW.plusMillis(2), null));
    }

    @Test
    default void recordUses_keyThatIsGone_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(UUID.randomUUID(), use(1)), new KeyUse(key.id(), use(1))));
        assertThat(listed(KeyFilter.everything())).extracting(ApiKey::lastUse).containsExactly(use(1));
    }

    @Test
    default void recordUses_nothing_changesNothing() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of());
        assertThat(current(key)).isEqualTo(key);
    }

    @Test
    default void recordUses_oneKeyTwice_storesTheLaterUse() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(
                new KeyUse(key.id(), use(1)), new KeyUse(key.id(), use(3)), new KeyUse(key.id(), use(2))));
        assertThat(current(key).lastUse()).isEqualTo(use(3));
    }

    @Test
    default void recordUses_key_keepsItsVersion() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), use(1))));
        assertThat(current(key).version()).isEqualTo(1);
        assertThat(store().apply(SampleKey.pause(key))).isPresent();
    }

    @Test
    default void recordUses_manyKeysInOneBatch_areAllStored() {
        List<KeyUse> uses = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            uses.add(new KeyUse(stored(new SampleKey().build()).id(), use(i)));
        }
        store().recordUses(uses);

        List<ApiKey> keys = listed(KeyFilter.everything());
        assertThat(keys).hasSize(700);
        for (ApiKey key : keys) {
            assertThat(uses).contains(new KeyUse(key.id(), Objects.requireNonNull(key.lastUse())));
        }
    }

    @Test
    default void recordUses_manyThreadsInAnyOrder_keepTheLatest() throws Exception {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keys.add(stored(new SampleKey().build()));
        }

        Race.between(8, thread -> () -> {
            Random random = new Random(thread);
            for (int round = 1; round <= 20; round++) {
                List<KeyUse> uses = new ArrayList<>();
                for (ApiKey key : keys) {
                    uses.add(new KeyUse(key.id(), use(thread + 8 * random.nextInt(round))));
                }
                uses.set(0, new KeyUse(keys.get(0).id(), use(thread + 8 * 30)));
                Collections.shuffle(uses, random);
                store().recordUses(uses);
            }
            return null;
        });

        assertThat(current(keys.get(0)).lastUse()).isEqualTo(use(7 + 8 * 30));
        assertThat(keys).allMatch(key -> current(key).lastUse() != null);
    }

    @Test
    default void recordUses_ofARevokedKey_areStoredAndLeaveItRevoked() {
        ApiKey key = stored(new SampleKey().build());
        store().recordUses(List.of(new KeyUse(key.id(), use(1))));
        KeyChange revocation = SampleKey.revoke(key);
        applied(revocation);

        store().recordUses(List.of(new KeyUse(key.id(), use(2))));

        assertThat(current(key).revocation()).isEqualTo(revocation.after().revocation());
        assertThat(current(key).version()).isEqualTo(2);
        assertThat(current(key).lastUse()).isEqualTo(use(2));
        assertThat(credential(key.publicId()).key()).isEqualTo(current(key));
    }

    @Test
    default void recordUses_againstARevocation_neverUndoIt() throws Exception {
        NoteRace.againstRevocations(
                this,
                (key, number) -> store().recordUses(List.of(new KeyUse(key.id(), use(number)))),
                current -> assertThat(current.lastUse()).isEqualTo(use(NoteRace.LAST)));
    }

    /** A store may know of no latest uses; if it does, a walk misses none. */
    @Test
    default void latestUses_ofManyKeys_areGivenOnceInParts() {
        Set<LatestUses.Use> later = new HashSet<>();
        List<KeyUse> uses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ApiKey key = stored(new SampleKey().build());
            uses.add(new KeyUse(key.id(), use(i)));
            if (i > 2) {
                later.add(new LatestUses.Use(key.publicId(), use(i).at()));
            }
        }
        ApiKey revoked = stored(new SampleKey().build());
        uses.add(new KeyUse(revoked.id(), use(9)));
        stored(new SampleKey().build());
        store().recordUses(uses);
        applied(SampleKey.revoke(current(revoked)));
        Assumptions.assumeFalse(store().housekeeping()
                .latestUses(null, Instant.EPOCH, 10)
                .uses()
                .isEmpty());

        List<LatestUses.Use> found = new ArrayList<>();
        @Nullable UUID end = null;
        do {
            LatestUses part = store().housekeeping().latestUses(end, use(2).at(), 3);
            assertThat(part.uses()).hasSizeLessThanOrEqualTo(3);
            found.addAll(part.uses());
            end = part.end();
        } while (end != null);

        assertThat(found).containsExactlyInAnyOrderElementsOf(later);
    }
}
