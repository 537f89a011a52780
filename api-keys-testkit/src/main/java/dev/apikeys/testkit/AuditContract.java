package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The audit trail has an entry exactly if the event happened. */
public interface AuditContract extends StoreUnderTest {
    /** A time-ordered id (UUID version 7), the n-th of its millisecond. */
    static UUID timeOrdered(int n) {
        return new UUID(NOW.toEpochMilli() << 16 | 0x7000 | n, 0x8000000000000000L);
    }

    /** An entry with this id. */
    static AuditEntry entry(UUID id, Owner owner, AuditEvent event) {
        return new AuditEntry(
                id,
                UUID.randomUUID(),
                KeyKind.PERSONAL,
                owner,
                event,
                "",
                "CRM",
                null,
                "alice",
                ClientRequest.NONE,
                NOW);
    }

    @Test
    default void audit_entryWithEveryField_comesBackTheSame() {
        String longest = "ä".repeat(Owner.MAX_ID_LENGTH);
        AuditEntry entry = new AuditEntry(
                UUID.randomUUID(),
                UUID.randomUUID(),
                KeyKind.WORKSPACE,
                new Owner(longest, longest, longest),
                AuditEvent.RATE_LIMITED,
                "r".repeat(254) + "🔑",
                "🔑".repeat(ApiKey.MAX_NAME_LENGTH),
                Mode.WRITE,
                longest,
                new ClientRequest("2001:db8::1", "DELETE", "/v1/keys/" + "🔑".repeat(503)),
                NOW);
        store().appendAudit(List.of(entry));
        assertThat(trail(AuditFilter.everything())).containsExactly(entry);
        assertThat(trail(AuditFilter.ownedBy(entry.kind(), entry.owner()))).containsExactly(entry);
    }

    @Test
    default void audit_entryWithNothingOptional_comesBackTheSame() {
        AuditEntry entry = entry(UUID.randomUUID(), Owner.organization("org_1"), AuditEvent.AUTH_FAILED);
        store().appendAudit(List.of(entry));
        assertThat(trail(AuditFilter.everything())).containsExactly(entry);
    }

    @Test
    default void audit_insertAndChange_leaveOneEntryEach() {
        ApiKey key = new SampleKey().build();
        AuditEntry created = SampleKey.audit(key, AuditEvent.CREATED, NOW);
        store().insert(new NewKey(key, SampleKey.hashOf(key.publicId()), 5, NameRule.ANY, created));
        KeyChange change = SampleKey.revoke(key);
        applied(change);

        assertThat(trail(AuditFilter.everything())).containsExactly(change.audit(), created);
    }

    @Test
    default void audit_insertThatFails_leavesNone() {
        ApiKey first = stored(new SampleKey().build(), 1);
        assertThatThrownBy(() -> stored(new SampleKey().build(), 1)).isInstanceOf(KeyLimitExceededException.class);
        assertThat(trail(AuditFilter.everything()))
                .extracting(AuditEntry::keyId)
                .containsExactly(first.id());
    }

    @Test
    default void audit_entriesOfOneMillisecond_comeInTheOrderOfTheirIds() {
        AuditEntry one = entry(timeOrdered(1), SampleKey.ALICE, AuditEvent.CREATED);
        AuditEntry two = entry(timeOrdered(2), SampleKey.ALICE, AuditEvent.UPDATED);
        AuditEntry three = entry(timeOrdered(3), SampleKey.ALICE, AuditEvent.REVOKED);
        store().appendAudit(List.of(two, three, one));
        assertThat(trail(AuditFilter.everything())).containsExactly(three, two, one);
    }

    @Test
    default void audit_nothingToAppend_changesNothing() {
        store().appendAudit(List.of());
        assertThat(store().audit(AuditFilter.everything(), PageRequest.first(1)))
                .isEqualTo(new Page<>(List.of(), 0));
    }

    /** Whoever was not told that entries were written appends them again. */
    @Test
    default void audit_entriesAppendedAgain_areThereOnce() {
        AuditEntry one = entry(timeOrdered(1), SampleKey.ALICE, AuditEvent.AUTH_FAILED);
        AuditEntry two = entry(timeOrdered(2), SampleKey.ALICE, AuditEvent.AUTH_FAILED);
        AuditEntry three = entry(timeOrdered(3), SampleKey.ALICE, AuditEvent.AUTH_FAILED);
        store().appendAudit(List.of(one, two));
        store().appendAudit(List.of(one, three, two));
        assertThat(trail(AuditFilter.everything())).containsExactly(three, two, one);
    }

    @Test
    default void audit_manyEntriesInOneBatch_areAllThereAndCounted() {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            entries.add(entry(timeOrdered(i), SampleKey.ALICE, AuditEvent.AUTH_FAILED));
        }
        store().appendAudit(entries);

        Page<AuditEntry> page = store().audit(AuditFilter.everything(), PageRequest.first(2));
        assertThat(page.items()).containsExactly(entries.get(1_199), entries.get(1_198));
        assertThat(page.total()).isEqualTo(1_200);
        assertThat(store().audit(AuditFilter.everything(), PageRequest.page(600, 2))
                        .items())
                .containsExactly(entries.get(1), entries.get(0));
    }

    @Test
    default void audit_afterAnEntry_survivesInsertsMeanwhile() {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(0, entry(timeOrdered(i), SampleKey.ALICE, AuditEvent.CREATED));
        }
        store().appendAudit(entries);

        List<AuditEntry> seen = new ArrayList<>();
        PageRequest page = PageRequest.first(3);
        while (true) {
            List<AuditEntry> part =
                    store().audit(AuditFilter.everything(), page).items();
            seen.addAll(part);
            if (part.size() < 3) {
                break;
            }
            store().appendAudit(List.of(entry(timeOrdered(100 + seen.size()), SampleKey.ALICE, AuditEvent.CREATED)));
            AuditEntry last = part.get(2);
            page = PageRequest.after(new PageRequest.Position(last.at(), last.id()), 3);
        }
        assertThat(seen).containsExactlyElementsOf(entries);
    }

    @Test
    default void audit_filters_showWhatMeetsAllOfThem() {
        AuditEntry mine = entry(timeOrdered(1), SampleKey.ALICE, AuditEvent.CREATED);
        AuditEntry mineToo = entry(timeOrdered(2), SampleKey.ALICE, AuditEvent.REVOKED);
        AuditEntry bobs = entry(timeOrdered(3), Owner.user("bob", "org_1"), AuditEvent.CREATED);
        AuditEntry almostMine = entry(timeOrdered(4), Owner.user("alice"), AuditEvent.CREATED);
        store().appendAudit(List.of(mine, mineToo, bobs, almostMine));

        AuditFilter everything = AuditFilter.everything();
        AuditFilter alices = AuditFilter.ownedBy(KeyKind.PERSONAL, SampleKey.ALICE);
        assertThat(trail(alices)).containsExactly(mineToo, mine);
        assertThat(trail(alices.event(AuditEvent.CREATED))).containsExactly(mine);
        assertThat(trail(alices.key(bobs.keyId()))).isEmpty();
        assertThat(trail(everything.event(AuditEvent.CREATED))).containsExactly(almostMine, bobs, mine);
        assertThat(trail(everything.key(bobs.keyId()))).containsExactly(bobs);
        assertThat(trail(AuditFilter.ownedBy(KeyKind.WORKSPACE, SampleKey.ALICE)))
                .isEmpty();
        assertThat(store().audit(alices, PageRequest.first(1)).total()).isEqualTo(2);
    }
}
