package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.NameTakenException;
import dev.apikeys.Owner;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An owner never has more active keys of a kind than allowed, and other owners' keys don't count. */
public interface LimitContract extends StoreUnderTest {
    /** Tells whether one more key is stored. */
    default boolean isStored(SampleKey sample, int maxActive) {
        try {
            stored(sample.build(), maxActive);
            return true;
        } catch (KeyLimitExceededException full) {
            return false;
        }
    }

    @Test
    default void insert_ownerHasEnough_isRefusedAndWritesNothing() {
        stored(new SampleKey().build(), 2);
        stored(new SampleKey().build(), 2);
        ApiKey third = new SampleKey().build();

        assertThatThrownBy(() -> stored(third, 2))
                .isInstanceOfSatisfying(
                        KeyLimitExceededException.class,
                        full -> assertThat(full.limit()).isEqualTo(2));

        assertThat(listed(KeyFilter.everything())).hasSize(2);
        assertThat(store().findCredential(third.publicId())).isEmpty();
        assertThat(trail(AuditFilter.everything())).hasSize(2);
    }

    @Test
    default void insert_manyThreadsForOneOwner_stopsExactlyAtTheLimit() throws Exception {
        List<Boolean> stored = Race.between(64, i -> () -> isStored(new SampleKey(), 5));

        assertThat(stored.stream().filter(done -> done)).hasSize(5);
        assertThat(listed(KeyFilter.ownedBy(KeyKind.PERSONAL, SampleKey.ALICE))).hasSize(5);
    }

    @Test
    default void insert_manyThreadsBelowTheLimit_allSucceed() throws Exception {
        List<Boolean> stored = Race.between(32, i -> () -> isStored(new SampleKey(), 100));
        assertThat(stored).containsOnly(true);
        assertThat(listed(KeyFilter.everything())).hasSize(32);
    }

    @Test
    default void insert_manyThreadsForManyOwners_givesEachItsLimit() throws Exception {
        Race.between(24, i -> () -> isStored(new SampleKey().of(Owner.user("user" + i % 4)), 3));

        for (int i = 0; i < 4; i++) {
            assertThat(listed(KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user("user" + i))))
                    .hasSize(3);
        }
    }

    @Test
    default void insert_racingWithRevocations_neverExceedsTheLimit() throws Exception {
        List<ApiKey> first = List.of(stored(new SampleKey().build(), 2), stored(new SampleKey().build(), 2));

        List<Boolean> stored = Race.between(16, i -> () -> {
            if (i < 2) {
                applied(SampleKey.revoke(first.get(i)));
                return false;
            }
            return isStored(new SampleKey(), 2);
        });

        long active = listed(KeyFilter.everything()).stream()
                .filter(key -> key.countsAt(NOW))
                .count();
        assertThat(active)
                .isLessThanOrEqualTo(2)
                .isEqualTo(stored.stream().filter(done -> done).count());
    }

    @Test
    default void insert_afterRevocation_hasRoom() {
        ApiKey first = stored(new SampleKey().build(), 1);
        applied(SampleKey.revoke(first));
        assertThat(isStored(new SampleKey(), 1)).isTrue();
        assertThat(isStored(new SampleKey(), 1)).isFalse();
    }

    @Test
    default void insert_afterExpiry_hasRoom() {
        stored(new SampleKey().expiresAt(NOW.plusMillis(10)).build(), 1);
        assertThat(isStored(new SampleKey().createdAt(NOW.plusMillis(9)), 1)).isFalse();
        assertThat(isStored(new SampleKey().createdAt(NOW.plusMillis(10)), 1)).isTrue();
        assertThat(isStored(new SampleKey().createdAt(NOW.plusMillis(10)), 1)).isFalse();
    }

    @Test
    default void insert_clockOfThisNodeIsBehind_countsKeysThatHaveNotExpiredYet() {
        stored(new SampleKey().expiresAt(NOW.plusMillis(10)).build(), 2);
        stored(new SampleKey().createdAt(NOW.plusMillis(20)).build(), 2);
        stored(new SampleKey().createdAt(NOW.plusMillis(20)).build(), 2);
        assertThat(isStored(new SampleKey().createdAt(NOW.plusMillis(5)), 3)).isFalse();
        assertThat(isStored(new SampleKey().createdAt(NOW.plusMillis(5)), 4)).isTrue();
    }

    @Test
    default void insert_pausedKeys_count() {
        ApiKey first = stored(new SampleKey().build(), 1);
        applied(SampleKey.pause(first));
        assertThat(isStored(new SampleKey(), 1)).isFalse();
    }

    @Test
    default void insert_keysInRotation_countOnce() {
        ApiKey first = stored(new SampleKey().build(), 2);
        applied(SampleKey.rotate(first, SampleKey.randomPublicId(), NOW, Duration.ofHours(24)));
        assertThat(isStored(new SampleKey(), 2)).isTrue();
        assertThat(isStored(new SampleKey(), 2)).isFalse();
    }

    @Test
    default void insert_kindsOfOneOwner_areCountedApart() {
        for (KeyKind kind : KeyKind.values()) {
            assertThat(isStored(new SampleKey().of(kind, SampleKey.ALICE), 1)).isTrue();
            assertThat(isStored(new SampleKey().of(kind, SampleKey.ALICE), 1)).isFalse();
        }
    }

    @Test
    default void insert_ownersThatAreAlmostTheSame_areCountedApart() {
        for (Owner owner : List.of(
                Owner.user("alice"),
                Owner.user("Alice"),
                Owner.user("alice "),
                Owner.user("àlice"),
                Owner.user("alice", "org_1"),
                Owner.user("alice", "org_1 "),
                Owner.user("alice", "Org_1"),
                Owner.user("aliceo", "rg_1"),
                new Owner("alice", "org_1", "ws_1"),
                new Owner("alice", null, "org_1"),
                Owner.organization("alice"),
                new Owner(null, "alice", "org_1"))) {
            assertThat(isStored(new SampleKey().of(owner), 1)).isTrue();
            assertThat(isStored(new SampleKey().of(owner), 1)).isFalse();
        }
    }

    @Test
    default void insert_lowerLimitThanBefore_isRefusedUntilEnoughAreGone() {
        ApiKey first = stored(new SampleKey().build(), 3);
        ApiKey second = stored(new SampleKey().build(), 3);
        stored(new SampleKey().build(), 3);
        assertThat(isStored(new SampleKey(), 2)).isFalse();
        applied(SampleKey.revoke(first));
        assertThat(isStored(new SampleKey(), 2)).isFalse();
        applied(SampleKey.revoke(second));
        assertThat(isStored(new SampleKey(), 2)).isTrue();
    }

    @Test
    default void insert_uniqueNameThatAnActiveKeyHas_isRefusedAndWritesNothing() {
        ApiKey first = stored(new SampleKey().named("CRM").build());
        ApiKey second = new SampleKey().named("CRM").build();

        assertThatThrownBy(() -> insertUniquelyNamed(second)).isInstanceOf(NameTakenException.class);

        assertThat(listed(KeyFilter.everything())).extracting(ApiKey::id).containsExactly(first.id());
        insertUniquelyNamed(new SampleKey().named("crm").build());
        insertUniquelyNamed(
                new SampleKey().named("CRM").of(Owner.user("bob", "org_1")).build());
        applied(SampleKey.revoke(first));
        insertUniquelyNamed(second);
        assertThat(listed(KeyFilter.everything())).hasSize(4);
    }

    @Test
    default void insert_manyThreadsWithOneUniqueName_exactlyOneSucceeds() throws Exception {
        List<Boolean> inserted = Race.between(16, i -> () -> {
            try {
                insertUniquelyNamed(new SampleKey().named("CRM").build());
                return true;
            } catch (NameTakenException taken) {
                return false;
            }
        });

        assertThat(inserted).containsOnlyOnce(true);
    }

    private void insertUniquelyNamed(ApiKey key) {
        store().insert(new NewKey(
                key,
                SampleKey.hashOf(key.publicId()),
                NO_LIMIT,
                NameRule.UNIQUE,
                SampleKey.audit(key, AuditEvent.CREATED, key.createdAt())));
    }
}
