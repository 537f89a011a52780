package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.Grant;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change.OfCredential;
import dev.apikeys.spi.ChangeBatch.Change.OfOwners;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The feed gives each committed change once, in the order of the commits, and reports gaps. */
public interface FeedContract extends StoreUnderTest {
    /** Opens a feed with a long time-out. */
    default ChangeFeed feed() {
        return store().openChangeFeed(Duration.ofSeconds(10));
    }

    @Test
    default void feed_firstReading_givesAPlaceAndNoPast() {
        applied(SampleKey.pause(stored(new SampleKey().build())));
        try (ChangeFeed feed = feed()) {
            ChangeBatch first = feed.read(null);
            assertThat(first.continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(first.changes()).isEmpty();
            assertThat(feed.read(first.position()))
                    .extracting(ChangeBatch::position, ChangeBatch::continuity, ChangeBatch::changes)
                    .containsExactly(first.position(), Continuity.CONTINUOUS, List.of());
        }
    }

    @Test
    default void feed_changesSince_comeInTheirOrderAndOnce() {
        ApiKey one = stored(new SampleKey().build());
        ApiKey two = stored(new SampleKey().build());
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            String longest = "ä".repeat(Owner.MAX_ID_LENGTH);
            Owner alice = new Owner(longest, longest, longest);

            applied(SampleKey.revoke(two));
            store().ownerChanged(Owner.organization("org_1"));
            applied(SampleKey.pause(one));
            store().ownerChanged(alice);

            ChangeBatch batch = feed.read(start);
            assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(batch.changes())
                    .containsExactly(
                            new OfCredential(two.publicId()),
                            new OfOwners(Owner.organization("org_1")),
                            new OfCredential(one.publicId()),
                            new OfOwners(alice));
            assertThat(feed.read(batch.position()).changes()).isEmpty();
        }
    }

    @Test
    default void feed_emptyHistory_isAPlaceToGoOnFrom() {
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            store().ownerChanged(Owner.user("alice"));
            ChangeBatch batch = feed.read(start);
            assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(batch.changes()).containsExactly(new OfOwners(Owner.user("alice")));
        }
    }

    @Test
    default void feed_rotation_tellsOfBothTokens() {
        ApiKey key = stored(new SampleKey().build());
        String next = SampleKey.randomPublicId();
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            applied(SampleKey.rotate(key, next, NOW, Duration.ofHours(1)));
            assertThat(feed.read(start).changes())
                    .containsExactlyInAnyOrder(new OfCredential(key.publicId()), new OfCredential(next));
        }
    }

    @Test
    default void feed_pauseAfterARotation_tellsOfBothTokens() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);

        appliedAndTold(SampleKey.pause(rotated), first, rotated);
    }

    @Test
    default void feed_resumptionAfterARotation_tellsOfBothTokens() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);
        KeyChange pause = SampleKey.pause(rotated);
        applied(pause);
        Instant later = NOW.plusSeconds(90);

        appliedAndTold(SampleKey.change(pause.after(), pause.after().resumed(later), later), first, rotated);
    }

    @Test
    default void feed_revocationAfterARotation_tellsOfBothTokens() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);

        appliedAndTold(SampleKey.revoke(rotated), first, rotated);
    }

    @Test
    default void feed_updatesAfterARotation_tellOfBothTokens() {
        ApiKey first = stored(new SampleKey().granting(Grant.of(Mode.WRITE)).build());
        ApiKey rotated = rotated(first);
        ApiKey reading = rotated.updated(KeyUpdate.nothing().mode(Mode.READ), NOW);
        ApiKey inside = reading.updated(KeyUpdate.nothing().allowedFrom("10.0.0.0/8"), NOW);
        ApiKey shorter = inside.updated(KeyUpdate.nothing().expiresAt(NOW.plusSeconds(60)), NOW);

        appliedAndTold(SampleKey.change(rotated, reading, NOW), first, rotated);
        appliedAndTold(SampleKey.change(reading, inside, NOW), first, rotated);
        appliedAndTold(SampleKey.change(inside, shorter, NOW), first, rotated);
    }

    /** Other nodes have each token that works in memory, the one in grace included. */
    private void appliedAndTold(KeyChange change, ApiKey first, ApiKey rotated) {
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            applied(change);
            assertThat(feed.read(start).changes())
                    .containsExactlyInAnyOrder(
                            new OfCredential(first.publicId()), new OfCredential(rotated.publicId()));
        }
    }

    @Test
    default void feed_whatIsNoSecurityChange_isNotTold() {
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            ApiKey key = stored(new SampleKey().build());
            store().recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW, null))));
            store().rehash(key.publicId(), SampleKey.hashOf(key.publicId()), new SecretHash("hmac$new"));
            store().appendAudit(List.of(SampleKey.audit(key, AuditEvent.AUTH_FAILED, NOW)));
            ChangeBatch batch = feed.read(start);
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(batch.position().epoch()).isEqualTo(start.epoch());
        }
    }

    /** Tells the last batch when there is more to read. */
    private static List<ChangeBatch.Change> readAll(ChangeFeed feed, FeedPosition start) {
        List<ChangeBatch.Change> all = new ArrayList<>();
        ChangeBatch batch = feed.read(start);
        all.addAll(batch.changes());
        while (batch.continuity() == Continuity.PARTIAL) {
            assertThat(batch.position()).isNotEqualTo(start);
            batch = feed.read(batch.position());
            all.addAll(batch.changes());
        }
        assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
        return all;
    }

    @Test
    default void feed_manyChangesSince_allCome() {
        int many = 2_500;
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            List<ChangeBatch.Change> expected = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Owner owner = Owner.user("user" + i);
                store().ownerChanged(owner);
                expected.add(new OfOwners(owner));
            }
            assertThat(readAll(feed, start)).isEqualTo(expected);
        }
    }

    @Test
    default void feed_placeInAnotherHistory_isRewound() {
        store().ownerChanged(Owner.user("alice"));
        try (ChangeFeed feed = feed()) {
            FeedPosition now = feed.read(null).position();
            for (FeedPosition elsewhere : List.of(
                    new FeedPosition(UUID.randomUUID().toString(), now.epoch(), now.stamp()),
                    new FeedPosition(UUID.randomUUID().toString(), now.epoch() - 1, now.stamp()),
                    new FeedPosition(now.incarnation(), now.epoch() + 1, now.stamp()),
                    new FeedPosition(now.incarnation(), now.epoch(), now.stamp() + 1))) {
                ChangeBatch batch = feed.read(elsewhere);
                assertThat(batch.continuity()).isEqualTo(Continuity.REWOUND);
                assertThat(batch.position()).isEqualTo(now);
            }
        }
    }

    @Test
    default void feed_placeThatWasTrimmed_isAGap() {
        store().ownerChanged(Owner.user("alice"));
        try (ChangeFeed feed = feed()) {
            FeedPosition old = feed.read(null).position();
            for (int i = 0; i < 5; i++) {
                store().ownerChanged(Owner.user("alice"));
            }
            FeedPosition latest = feed.read(old).position();
            store().maintain(Instant.EPOCH, Instant.now().plusSeconds(3_600), 100);

            assertThat(feed.read(old).continuity()).isEqualTo(Continuity.GAP);
            assertThat(feed.read(latest).continuity()).isEqualTo(Continuity.CONTINUOUS);
            store().ownerChanged(Owner.user("bob"));
            assertThat(feed.read(latest))
                    .extracting(ChangeBatch::continuity, ChangeBatch::changes)
                    .containsExactly(Continuity.CONTINUOUS, List.of(new OfOwners(Owner.user("bob"))));
        }
    }

    @Test
    default void feed_storeWithAClock_tellsItsTime() {
        try (ChangeFeed feed = feed()) {
            feed.read(null)
                    .time()
                    .ifPresent(time -> assertThat(
                                    Duration.between(Instant.now(), time).abs())
                            .isLessThan(Duration.ofMinutes(1)));
        }
    }

    @Test
    default void feed_whileManyChange_missesNothingAndRepeatsNothing() throws Exception {
        int writers = 8;
        int each = 50;
        AtomicInteger working = new AtomicInteger(writers);
        try (ChangeFeed feed = feed()) {
            FeedPosition start = feed.read(null).position();
            CompletableFuture<List<ChangeBatch.Change>> told = CompletableFuture.supplyAsync(() -> {
                List<ChangeBatch.Change> all = new ArrayList<>();
                FeedPosition position = start;
                boolean last;
                do {
                    last = working.get() == 0;
                    ChangeBatch batch = feed.read(position);
                    assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
                    all.addAll(batch.changes());
                    position = batch.position();
                } while (!last);
                return all;
            });
            List<List<Long>> epochs = Race.between(writers, writer -> () -> {
                List<Long> mine = new ArrayList<>();
                for (int n = 0; n < each; n++) {
                    mine.add(store().ownerChanged(Owner.user("user" + writer + "." + n)));
                }
                working.decrementAndGet();
                return mine;
            });

            ChangeBatch.Change[] expected = new ChangeBatch.Change[writers * each];
            for (int writer = 0; writer < writers; writer++) {
                for (int n = 0; n < each; n++) {
                    int place = (int) (epochs.get(writer).get(n) - start.epoch() - 1);
                    expected[place] = new OfOwners(Owner.user("user" + writer + "." + n));
                }
            }
            assertThat(told.get()).containsExactly(expected);
        }
    }
}
