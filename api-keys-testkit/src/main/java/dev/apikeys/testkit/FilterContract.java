package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conditions of a filter that are about a key's life and use. */
public interface FilterContract extends StoreUnderTest {
    /** Stores a key that was used at this time. */
    default ApiKey usedAt(Instant at) {
        ApiKey key = stored(
                new SampleKey().createdAt(NOW.minus(Duration.ofDays(100))).build());
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(at, "192.0.2.7"))));
        return current(key);
    }

    /** Keys of every status at {@link SampleKey#NOW}, and on both sides of each border between them. */
    default List<ApiKey> oneOfEachStatus() {
        Instant before = NOW.minusMillis(1);
        Instant after = NOW.plusMillis(1);
        Revocation revocation = new Revocation(NOW, "alice", "");
        return List.of(
                stored(new SampleKey().expiresAt(null).build()),
                stored(new SampleKey().expiresAt(after).build()),
                stored(new SampleKey().expiresAt(NOW).build()),
                stored(new SampleKey().expiresAt(before).build()),
                stored(new SampleKey().pausedAt(NOW).build()),
                stored(new SampleKey().pausedAt(NOW).expiresAt(null).build()),
                stored(new SampleKey().pausedAt(NOW).expiresAt(NOW).build()),
                stored(new SampleKey().revoked(revocation).build()),
                stored(new SampleKey().revoked(revocation).expiresAt(before).build()),
                stored(new SampleKey().revoked(revocation).pausedAt(before).build()));
    }

    @Test
    default void list_byStatus_showsTheKeysThatHaveItAtThatTime() {
        List<ApiKey> keys = oneOfEachStatus();
        for (Instant at : List.of(NOW, NOW.plusNanos(999_999), NOW.minusMillis(1), NOW.plusMillis(1))) {
            for (Status status : Status.values()) {
                KeyFilter filter = KeyFilter.everything().status(status, at);
                List<ApiKey> expected =
                        keys.stream().filter(key -> key.status(at) == status).toList();
                assertThat(listed(filter)).as(status + " " + at).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
        assertThat(store().find(keys.get(0).id(), KeyFilter.everything().status(Status.ACTIVE, NOW)))
                .isPresent();
        assertThat(store().find(keys.get(0).id(), KeyFilter.everything().status(Status.PAUSED, NOW)))
                .isEmpty();
    }

    @Test
    default void list_expiringBefore_showsWhatEndsEarlier() {
        ApiKey soon = stored(new SampleKey().expiresAt(NOW.plusMillis(9)).build());
        ApiKey past = stored(new SampleKey().expiresAt(NOW.minusMillis(1)).build());
        stored(new SampleKey().expiresAt(NOW.plusMillis(10)).build());
        stored(new SampleKey().expiresAt(null).of(Owner.organization("org_1")).build());
        KeyFilter filter = KeyFilter.everything().expiringBefore(NOW.plusMillis(10));
        assertThat(listed(filter)).containsExactlyInAnyOrder(soon, past);
        assertThat(listed(filter.liveAt(NOW))).containsExactly(soon);
    }

    @Test
    default void list_withTimesBeyondThoseOfKeys_isLikeTheLastOneOnThatSide() {
        ApiKey ending = stored(new SampleKey().expiresAt(NOW).build());
        ApiKey endless = stored(new SampleKey().expiresAt(null).build());
        KeyFilter all = KeyFilter.everything();
        assertThat(listed(all.expiringBefore(Instant.MAX))).containsExactly(ending);
        assertThat(listed(all.endingBetween(Instant.MIN, Instant.MAX))).containsExactly(ending);
        assertThat(listed(all.liveAt(Instant.MIN))).containsExactlyInAnyOrder(ending, endless);
        assertThat(listed(all.liveAt(Instant.MAX))).containsExactly(endless);
        assertThat(listed(all.status(Status.EXPIRED, Instant.MAX))).containsExactly(ending);
        assertThat(listed(all.unusedSince(Instant.MAX))).containsExactlyInAnyOrder(ending, endless);
        assertThat(listed(all.unusedSince(Instant.MIN))).isEmpty();
    }

    @Test
    default void list_unusedSince_showsOlderKeysWithoutALaterUse() {
        ApiKey before = usedAt(NOW.minusMillis(1));
        ApiKey never = stored(new SampleKey().createdAt(NOW.minusMillis(1)).build());
        usedAt(NOW);
        usedAt(NOW.plusMillis(1));
        stored(new SampleKey().createdAt(NOW).build());
        KeyFilter filter = KeyFilter.everything().unusedSince(NOW);
        assertThat(listed(filter)).containsExactlyInAnyOrder(before, never);
        assertThat(listed(filter.neverUsed())).containsExactly(never);
        assertThat(store().find(before.id(), filter)).contains(before);
        assertThat(store().find(before.id(), filter.neverUsed())).isEmpty();
    }

    @Test
    default void list_neverUsed_showsKeysWithoutAnyUse() {
        usedAt(NOW);
        ApiKey never = stored(new SampleKey().build());
        assertThat(listed(KeyFilter.everything().neverUsed())).containsExactly(never);
    }

    /** What a store finds is what the filter says of each key. */
    @Test
    default void list_anyTwoConditions_findWhatMatches() {
        List<ApiKey> keys = new ArrayList<>(oneOfEachStatus());
        keys.add(usedAt(NOW.minusSeconds(1)));
        keys.add(usedAt(NOW));
        KeyFilter all = KeyFilter.everything();
        List<KeyFilter> filters = List.of(
                all.unrevoked(),
                all.liveAt(NOW),
                all.liveAt(NOW).unusedSince(NOW),
                all.unusedSince(NOW).status(Status.ACTIVE, NOW),
                all.neverUsed().status(Status.PAUSED, NOW),
                all.expiringBefore(NOW.plusMillis(1)).status(Status.EXPIRED, NOW),
                all.expiringBefore(NOW.plusMillis(1)).neverUsed().unrevoked(),
                KeyFilter.ownedBy(keys.get(0).kind(), keys.get(0).owner()).unusedSince(NOW));
        for (KeyFilter filter : filters) {
            assertThat(listed(filter))
                    .containsExactlyInAnyOrderElementsOf(
                            keys.stream().filter(filter::matches).toList());
        }
    }
}
