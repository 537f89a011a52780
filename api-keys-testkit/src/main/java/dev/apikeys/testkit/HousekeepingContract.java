package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.AuditRemoval;
import dev.apikeys.spi.DueKeys;
import dev.apikeys.spi.GivenNotice;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import dev.apikeys.spi.NoticeQuery.Earlier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One node at a time does a task; a notice is given once about one time; the audit trail is cut at its end. */
public interface HousekeepingContract extends StoreUnderTest {
    /** The keys for which a notice is due. */
    default List<ApiKey> due(String notice, About about, @Nullable Earlier earlier) {
        NoticeQuery query = new NoticeQuery(notice, KeyFilter.everything(), about, earlier);
        return store().housekeeping().withoutNotice(query, null, 100).keys();
    }

    /** All of a walk in parts of so many keys, which are looked at or found. */
    default List<ApiKey> walk(NoticeQuery query, int limit) {
        List<ApiKey> found = new ArrayList<>();
        DueKeys part = store().housekeeping().withoutNotice(query, null, limit);
        int parts = 1;
        while (part.end() != null && parts < 100) {
            assertThat(part.keys()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(part.keys());
            part = store().housekeeping().withoutNotice(query, part.end(), limit);
            parts++;
        }
        assertThat(part.end()).isNull();
        found.addAll(part.keys());
        return found;
    }

    /** Remembers a notice of a key at this time. */
    default void given(String notice, About about, ApiKey key, Instant at) {
        ApiKey now = current(key);
        store().housekeeping().remember(new GivenNotice(key.id(), notice, Objects.requireNonNull(about.of(now)), at));
    }

    @Test
    default void hold_task_isOneNodesUntilItsTimeIsOver() {
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        Instant until = NOW.plusSeconds(60);
        assertThat(store().housekeeping().hold("a", one, NOW, until)).isTrue();
        assertThat(store().housekeeping().hold("a", other, NOW, until)).isFalse();
        assertThat(store().housekeeping().hold("b", other, NOW, until)).isTrue();
        assertThat(store().housekeeping().hold("a", one, until.minusMillis(1), until.plusSeconds(1)))
                .isTrue();
        assertThat(store().housekeeping().hold("a", other, until, until)).isFalse();
        assertThat(store().housekeeping().hold("a", other, until.plusSeconds(1), until.plusSeconds(2)))
                .isTrue();
        assertThat(store().housekeeping().hold("a", one, until.plusSeconds(1), until.plusSeconds(2)))
                .isFalse();
    }

    @Test
    default void hold_endedByItsNode_isFreeAtOnce() {
        UUID one = UUID.randomUUID();
        store().housekeeping().hold("a", one, NOW, NOW.plusSeconds(60));
        assertThat(store().housekeeping().hold("a", one, NOW, NOW)).isTrue();
        assertThat(store().housekeeping().hold("a", UUID.randomUUID(), NOW, NOW.plusSeconds(1)))
                .isTrue();
    }

    /** A node took the task while a clock was a year ahead, and was killed. */
    @Test
    default void hold_takenUnderAWrongClock_holdsUpNobody() {
        Instant ahead = NOW.plus(Duration.ofDays(365));
        store().housekeeping().hold("a", UUID.randomUUID(), ahead, ahead.plusSeconds(60));
        store().housekeeping().hold("b", UUID.randomUUID(), NOW, NOW.plus(Housekeeping.LONGEST_HOLD));
        Instant until = NOW.plusSeconds(60);
        assertThat(store().housekeeping().hold("a", UUID.randomUUID(), NOW, until))
                .isTrue();
        assertThat(store().housekeeping().hold("b", UUID.randomUUID(), NOW, until))
                .isFalse();
        assertThat(store().housekeeping().hold("a", UUID.randomUUID(), NOW, until))
                .isFalse();
    }

    @Test
    default void hold_manyNodesAtOnce_oneHasIt() throws Exception {
        List<Boolean> held = Race.between(
                8, i -> () -> store().housekeeping().hold("a", UUID.randomUUID(), NOW, NOW.plusSeconds(60)));
        assertThat(held).containsOnlyOnce(true);
    }

    @Test
    default void notice_given_isNotDueUntilItsTimeChanges() {
        ApiKey key = stored(new SampleKey().build());
        assertThat(due("n", About.USE, null)).containsExactly(key);
        given("n", About.USE, key, NOW);
        given("n", About.USE, key, NOW.plusSeconds(9));
        assertThat(due("n", About.USE, null)).isEmpty();
        assertThat(due("other", About.USE, null)).containsExactly(key);
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW.plusSeconds(1), null))));
        assertThat(due("n", About.USE, null)).containsExactly(current(key));
        given("n", About.USE, key, NOW);
        assertThat(due("n", About.USE, null)).isEmpty();
    }

    @Test
    default void notice_aboutExpiryOrIssue_isGivenOnce_andNotOfKeysWithoutEnd() {
        ApiKey ending = stored(new SampleKey().build());
        ApiKey endless = stored(new SampleKey()
                .of(Owner.organization("org_1"))
                .expiresAt(null)
                .createdAt(NOW.minusMillis(1))
                .build());
        assertThat(due("n", About.EXPIRY, null)).containsExactly(ending);
        assertThat(due("m", About.ISSUE, null)).containsExactly(ending, endless);
        given("n", About.EXPIRY, ending, NOW);
        given("m", About.ISSUE, endless, NOW);
        assertThat(due("n", About.EXPIRY, null)).isEmpty();
        assertThat(due("m", About.ISSUE, null)).containsExactly(ending);
    }

    @Test
    default void notice_afterAnother_waitsForIt() {
        ApiKey key = stored(new SampleKey().build());
        Earlier earlier = new Earlier("first", NOW.plusSeconds(10));
        assertThat(due("second", About.USE, earlier)).isEmpty();
        given("first", About.USE, key, NOW.plusSeconds(9));
        assertThat(due("second", About.USE, earlier)).containsExactly(key);
        assertThat(due("second", About.USE, new Earlier("first", NOW.plusSeconds(9))))
                .isEmpty();
        store().recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW.plusSeconds(1), null))));
        assertThat(due("second", About.USE, earlier)).isEmpty();
    }

    @Test
    default void withoutNotice_inPartsOfAnySize_findsEachKeyOnce() {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            // Two at a time are of one millisecond, and those that were issued later expire earlier.
            keys.add(stored(new SampleKey()
                    .createdAt(NOW.plusMillis(i / 2))
                    .expiresAt(NOW.plusSeconds(100 - i / 3))
                    .build()));
            stored(new SampleKey()
                    .of(Owner.user("bob", "org_2"))
                    .createdAt(NOW.plusMillis(i / 2))
                    .build());
        }
        given("n", About.ISSUE, keys.get(2), NOW);
        given("n", About.EXPIRY, keys.get(2), NOW);
        keys.remove(2);
        KeyFilter filter = KeyFilter.everything().organization("org_1");
        Instant end = NOW.plusSeconds(1_000);
        for (int limit : new int[] {1, 2, 3, 14, 15, PageRequest.MAX_LIMIT}) {
            assertThat(walk(new NoticeQuery("n", filter, About.ISSUE, null), limit))
                    .containsExactlyInAnyOrderElementsOf(keys)
                    .isSortedAccordingTo(Comparator.comparing(ApiKey::createdAt).reversed());
            assertThat(walk(new NoticeQuery("m", filter.unusedSince(end), About.USE, null), limit))
                    .hasSize(7);
            assertThat(walk(
                            new NoticeQuery("n", filter.liveAt(NOW).endingBetween(NOW, end), About.EXPIRY, null),
                            limit))
                    .containsExactlyInAnyOrderElementsOf(keys)
                    .isSortedAccordingTo(Comparator.comparing((ApiKey key) -> Objects.requireNonNull(key.expiresAt()))
                            .reversed());
        }
    }

    @Test
    default void withoutNotice_ofNoKeyOrTooMany_isRefused() {
        NoticeQuery query = new NoticeQuery("n", KeyFilter.everything(), About.ISSUE, null);
        for (int limit : new int[] {Integer.MIN_VALUE, 0, PageRequest.MAX_LIMIT + 1}) {
            assertThatThrownBy(() -> store().housekeeping().withoutNotice(query, null, limit))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void maintain_keyThatGoes_takesItsNoticesAlong() {
        ApiKey key = stored(new SampleKey().build());
        given("n", About.ISSUE, key, NOW);
        applied(SampleKey.revoke(key));
        store().maintain(NOW.plusSeconds(3_600), NOW, 10);
        ApiKey again = stored(new SampleKey().id(key.id()).build());
        assertThat(due("n", About.ISSUE, null)).containsExactly(again);
    }

    @Test
    default void oldestAudit_entriesFromBefore_comeOldestFirstWithoutTheLatest() {
        ApiKey key = new SampleKey().build();
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            entries.add(SampleKey.audit(key, AuditEvent.UPDATED, NOW.plusMillis(i)));
        }
        store().appendAudit(List.of(entries.get(3), entries.get(0), entries.get(4), entries.get(2), entries.get(1)));
        assertThat(store().housekeeping().oldestAudit(NOW, 10)).isEmpty();
        assertThat(store().housekeeping().oldestAudit(NOW.plusMillis(1), 10)).isEmpty();
        assertThat(store().housekeeping().oldestAudit(NOW.plusMillis(4), 10))
                .containsExactlyElementsOf(entries.subList(0, 3));
        assertThat(store().housekeeping().oldestAudit(NOW.plusMillis(4), 2))
                .containsExactlyElementsOf(entries.subList(0, 2));

        store().housekeeping().removeAudit(entries.subList(0, 2));
        store().housekeeping().removeAudit(entries.subList(1, 2));
        store().housekeeping().removeAudit(List.of());

        assertThat(trail(AuditFilter.everything())).containsExactlyInAnyOrderElementsOf(entries.subList(2, 5));
    }

    /** Several entries may be of one millisecond. */
    @Test
    default void removeOldestAudit_goesInStepsWithoutTheLatest() {
        ApiKey key = new SampleKey().build();
        List<AuditEntry> entries = new ArrayList<>();
        for (int millis : new int[] {0, 1, 1, 1, 1, 2, 3, 4}) {
            entries.add(SampleKey.audit(key, AuditEvent.UPDATED, NOW.plusMillis(millis)));
        }
        store().appendAudit(entries);
        Instant before = NOW.plusMillis(4);
        assertThat(store().housekeeping().removeOldestAudit(Instant.EPOCH, NOW, 3))
                .isEqualTo(new AuditRemoval(0, Instant.EPOCH));

        int removed = 0;
        AuditRemoval step = store().housekeeping().removeOldestAudit(Instant.EPOCH, before, 3);
        while (step.entries() > 0) {
            assertThat(step.entries()).isLessThanOrEqualTo(3);
            removed += step.entries();
            Instant reached = step.reached();
            assertThat(trail(AuditFilter.everything()))
                    .noneMatch(entry -> entry.at().isBefore(reached));
            assertThat(store().housekeeping().oldestAudit(reached, before, 1))
                    .isEqualTo(store().housekeeping().oldestAudit(before, 1));
            step = store().housekeeping().removeOldestAudit(reached, before, 3);
        }

        assertThat(removed).isEqualTo(6);
        assertThat(trail(AuditFilter.everything())).containsExactlyInAnyOrderElementsOf(entries.subList(6, 8));
    }
}
