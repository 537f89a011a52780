package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch.Change.OfCredential;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Maintenance removes keys and changes that are no longer needed, in limited steps, on one node at a time. */
public interface MaintenanceContract extends StoreUnderTest {
    /** Later than every sample key and change. */
    Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

    /** One step for keys only. */
    default MaintenanceReport purge(Instant endedBefore, int limit) {
        return store().maintain(endedBefore, Instant.EPOCH, limit).orElseThrow();
    }

    @Test
    default void maintain_keysThatEndedBefore_goWithTheirTokensAndUses() {
        ApiKey revoked = stored(new SampleKey().expiresAt(null).build());
        KeyChange rotation = SampleKey.rotate(revoked, SampleKey.randomPublicId(), NOW, Duration.ofHours(1));
        applied(rotation);
        applied(SampleKey.revoke(rotation.after()));
        ApiKey expired = stored(new SampleKey().expiresAt(NOW.plusSeconds(60)).build());
        ApiKey alive = stored(new SampleKey().build());
        LastUse use = new LastUse(NOW, "192.0.2.7");
        store().recordUses(List.of(
                new KeyUse(revoked.id(), use), new KeyUse(expired.id(), use), new KeyUse(alive.id(), use)));
        int trail = trail(AuditFilter.everything()).size();

        assertThat(purge(NOW.plusSeconds(3_600), 100).keys()).isEqualTo(2);

        assertThat(listed(KeyFilter.everything())).extracting(ApiKey::id).containsExactly(alive.id());
        assertThat(store().findCredential(revoked.publicId())).isEmpty();
        assertThat(store().findCredential(rotation.after().publicId())).isEmpty();
        assertThat(store().findCredential(expired.publicId())).isEmpty();
        assertThat(current(alive).lastUse()).isEqualTo(use);
        assertThat(trail(AuditFilter.everything())).hasSize(trail);
    }

    /** Whoever remembers the end of such a key must forget it: its id may be imported again. */
    @Test
    default void maintain_keysThatGo_areToldWithAllTheirTokens() {
        ApiKey key = stored(new SampleKey().expiresAt(null).build());
        KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, Duration.ofHours(1));
        applied(rotation);
        applied(SampleKey.revoke(rotation.after()));
        stored(new SampleKey().build());
        try (ChangeFeed feed = store().openChangeFeed(Duration.ofSeconds(10))) {
            FeedPosition start = feed.read(null).position();
            purge(NOW.plusSeconds(3_600), 100);
            assertThat(feed.read(start).continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(feed.read(start).changes())
                    .containsExactlyInAnyOrder(
                            new OfCredential(key.publicId()),
                            new OfCredential(rotation.after().publicId()));
            FeedPosition after = feed.read(start).position();
            purge(NOW.plusSeconds(3_600), 100);
            assertThat(feed.read(after).changes()).isEmpty();
        }
    }

    @Test
    default void maintain_keysThatEndedAtTheInstantOrLater_stay() {
        ApiKey revoked = stored(new SampleKey().build());
        KeyChange change = SampleKey.revoke(revoked);
        applied(change);
        ApiKey expired = stored(new SampleKey().expiresAt(NOW.plusSeconds(120)).build());
        ApiKey never = stored(new SampleKey().expiresAt(null).build());

        assertThat(purge(NOW.plusSeconds(120), 100).keys()).isZero();
        assertThat(listed(KeyFilter.everything()))
                .extracting(ApiKey::id)
                .containsExactlyInAnyOrder(revoked.id(), expired.id(), never.id());
        assertThat(purge(NOW.plusSeconds(120).plusMillis(1), 100).keys()).isEqualTo(2);
        assertThat(listed(KeyFilter.everything())).extracting(ApiKey::id).containsExactly(never.id());
    }

    @Test
    default void maintain_moreThanTheLimit_goInSteps() {
        for (int i = 0; i < 5; i++) {
            stored(new SampleKey().expiresAt(NOW.plusSeconds(i)).build());
        }
        assertThat(purge(FAR, 2).keys()).isEqualTo(2);
        assertThat(purge(FAR, 2).keys()).isEqualTo(2);
        assertThat(purge(FAR, 2).keys()).isEqualTo(1);
        assertThat(purge(FAR, 2).keys()).isZero();
        assertThat(listed(KeyFilter.everything())).isEmpty();
    }

    @Test
    default void maintain_oldChanges_goInStepsAndTheLatestStays() {
        for (int i = 0; i < 6; i++) {
            store().ownerChanged(Owner.user("alice"));
        }
        assertThat(store().maintain(Instant.EPOCH, FAR, 3)).contains(new MaintenanceReport(0, 3));
        assertThat(store().maintain(Instant.EPOCH, FAR, 3)).contains(new MaintenanceReport(0, 2));
        assertThat(store().maintain(Instant.EPOCH, FAR, 3)).contains(new MaintenanceReport(0, 0));

        try (ChangeFeed feed = store().openChangeFeed(Duration.ofSeconds(10))) {
            FeedPosition latest = feed.read(null).position();
            store().ownerChanged(Owner.user("bob"));
            assertThat(feed.read(latest).continuity()).isEqualTo(Continuity.CONTINUOUS);
        }
    }

    @Test
    default void maintain_changesThatAreYoung_stay() {
        store().ownerChanged(Owner.user("alice"));
        store().ownerChanged(Owner.user("alice"));
        assertThat(store().maintain(Instant.EPOCH, Instant.EPOCH, 10)).contains(new MaintenanceReport(0, 0));
    }

    @Test
    default void maintain_emptyStore_findsNothing() {
        assertThat(store().maintain(FAR, FAR, 10)).contains(new MaintenanceReport(0, 0));
    }

    @Test
    default void maintain_manyNodesAtOnce_removeEachKeyOnce() throws Exception {
        for (int i = 0; i < 40; i++) {
            stored(new SampleKey().expiresAt(NOW.plusSeconds(i)).build());
        }
        List<Integer> removed = Race.between(8, i -> () -> {
            int mine = 0;
            for (int step = 0; step < 5; step++) {
                mine += store().maintain(FAR, Instant.EPOCH, 5)
                        .map(MaintenanceReport::keys)
                        .orElse(0);
            }
            return mine;
        });
        int before = removed.stream().mapToInt(n -> n).sum();
        int left = listed(KeyFilter.everything()).size();
        assertThat(before + left).isEqualTo(40);
        assertThat(before).isPositive();
    }

    @Test
    default void maintain_keyThatIsPurged_leavesItsOwnerRoom() {
        ApiKey key = stored(new SampleKey().expiresAt(NOW.plusSeconds(1)).build(), 1);
        purge(FAR, 10);
        assertThat(stored(new SampleKey().build(), 1)).isNotNull();
        assertThat(store().find(key.id(), KeyFilter.everything())).isEqualTo(Optional.empty());
    }
}
