package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Lists show the keys that match the filter, newest first. Pages neither skip nor repeat a key. */
public interface ListContract extends StoreUnderTest {
    /** The position of the key in a list. */
    static PageRequest.Position positionOf(ApiKey key) {
        return new PageRequest.Position(key.createdAt(), key.id());
    }

    @Test
    default void list_nothingStored_isEmpty() {
        assertThat(store().list(KeyFilter.everything(), PageRequest.first(10))).isEqualTo(new Page<>(List.of(), 0));
    }

    @Test
    default void list_keys_comeNewestFirst() {
        ApiKey old = stored(new SampleKey().createdAt(NOW.minusMillis(1)).build());
        ApiKey newest = stored(new SampleKey().createdAt(NOW.plusMillis(1)).build());
        ApiKey middle = stored(new SampleKey().build());
        assertThat(listed(KeyFilter.everything())).containsExactly(newest, middle, old);
    }

    @Test
    default void list_byEnd_showsTheSpanAlone_firstInstantIncluded() {
        Instant from = NOW.plusSeconds(10);
        Instant until = NOW.plusSeconds(20);
        ApiKey first = stored(new SampleKey().expiresAt(from).build());
        ApiKey last = stored(new SampleKey().expiresAt(until.minusMillis(1)).build());
        stored(new SampleKey().expiresAt(from.minusMillis(1)).build());
        stored(new SampleKey().expiresAt(until).build());
        assertThat(listed(KeyFilter.everything().endingBetween(from, until))).containsExactlyInAnyOrder(first, last);
    }

    @Test
    default void list_pagesByNumber_showEachKeyOnceAndTheTotal() {
        List<ApiKey> keys = storedInOrder(7);

        List<ApiKey> seen = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            Page<ApiKey> page = store().list(KeyFilter.everything(), PageRequest.page(number, 3));
            assertThat(page.total()).isEqualTo(7);
            seen.addAll(page.items());
        }
        assertThat(seen).containsExactlyElementsOf(keys);
        assertThat(store().list(KeyFilter.everything(), PageRequest.page(4, 3))).isEqualTo(new Page<>(List.of(), 7));
    }

    /** Of an instant that no key can have, only the side counts. */
    @Test
    default void list_behindAPlaceBeyondAllTimes_isTheWholeListOrNothing() {
        List<ApiKey> keys = storedInOrder(3);
        UUID any = new UUID(0, 0);

        PageRequest whole = PageRequest.after(new PageRequest.Position(Instant.MAX, any), 10);
        PageRequest nothing = PageRequest.after(new PageRequest.Position(Instant.MIN, any), 10);

        assertThat(store().list(KeyFilter.everything(), whole).items()).containsExactlyElementsOf(keys);
        assertThat(store().list(KeyFilter.everything(), nothing).items()).isEmpty();
        assertThat(store().audit(AuditFilter.everything(), whole).items()).hasSize(3);
    }

    @Test
    default void list_afterAKey_survivesInsertsMeanwhile() {
        List<ApiKey> keys = storedInOrder(10);

        List<ApiKey> seen = new ArrayList<>();
        PageRequest page = PageRequest.first(3);
        while (true) {
            List<ApiKey> part = store().list(KeyFilter.everything(), page).items();
            seen.addAll(part);
            if (part.size() < 3) {
                break;
            }
            stored(new SampleKey().createdAt(NOW.plusSeconds(seen.size())).build());
            page = PageRequest.after(positionOf(part.get(2)), 3);
        }
        assertThat(seen).containsExactlyElementsOf(keys);
    }

    @Test
    default void list_afterAKey_separatesKeysOfOneMillisecond() {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            keys.add(stored(new SampleKey().build()));
        }

        List<ApiKey> seen = new ArrayList<>();
        PageRequest page = PageRequest.first(4);
        while (true) {
            Page<ApiKey> part = store().list(KeyFilter.everything(), page);
            assertThat(part.total()).isEqualTo(25);
            seen.addAll(part.items());
            if (part.items().size() < 4) {
                break;
            }
            page = PageRequest.after(positionOf(part.items().get(3)), 4);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(seen).containsExactlyElementsOf(listed(KeyFilter.everything()));
        assertThat(new HashSet<>(seen)).hasSize(25);
    }

    @Test
    default void list_liveAtATime_showsKeysThatHaveNotEndedThen() {
        ApiKey endless = stored(new SampleKey()
                .of(Owner.organization("org_1"))
                .expiresAt(null)
                .createdAt(NOW)
                .build());
        ApiKey later = stored(new SampleKey()
                .expiresAt(NOW.plusMillis(1))
                .createdAt(NOW.minusMillis(1))
                .build());
        ApiKey paused = stored(
                new SampleKey().pausedAt(NOW).createdAt(NOW.minusMillis(2)).build());
        stored(new SampleKey().expiresAt(NOW).createdAt(NOW.minusMillis(3)).build());
        stored(new SampleKey()
                .revoked(new Revocation(NOW, "alice", ""))
                .createdAt(NOW.minusMillis(4))
                .build());

        KeyFilter live = KeyFilter.everything().liveAt(NOW);
        assertThat(listed(live)).containsExactly(endless, later, paused);
        assertThat(store().list(live, PageRequest.first(1)).total()).isEqualTo(3);
        assertThat(store().find(later.id(), KeyFilter.everything().liveAt(NOW.plusMillis(1))))
                .isEmpty();
    }

    @Test
    default void list_keyThatWasUsed_showsItsLastUse() {
        ApiKey used = stored(new SampleKey().build());
        ApiKey unused = stored(new SampleKey().createdAt(NOW.minusMillis(1)).build());
        LastUse use = new LastUse(NOW.plusSeconds(1), "2001:db8::1");
        store().recordUses(List.of(new KeyUse(used.id(), use)));

        List<ApiKey> keys = listed(KeyFilter.everything());

        assertThat(keys).extracting(ApiKey::id).containsExactly(used.id(), unused.id());
        assertThat(keys).extracting(ApiKey::lastUse).containsExactly(use, null);
    }

    @Test
    default void list_ownedBy_showsOneKindOfExactlyThisOwner() {
        ApiKey mine = stored(new SampleKey().build());
        for (Owner other : List.of(
                Owner.user("alice"),
                Owner.user("Alice", "org_1"),
                Owner.user("alice ", "org_1"),
                Owner.user("alice", "org_1 "),
                Owner.user("bob", "org_1"),
                new Owner("alice", "org_1", "ws_1"),
                Owner.organization("org_1"))) {
            stored(new SampleKey().of(other).build());
        }
        ApiKey ofWorkspaces =
                stored(new SampleKey().of(KeyKind.WORKSPACE, SampleKey.ALICE).build());

        assertThat(store().list(KeyFilter.ownedBy(KeyKind.PERSONAL, SampleKey.ALICE), PageRequest.first(10)))
                .isEqualTo(new Page<>(List.of(mine), 1));
        assertThat(listed(KeyFilter.ownedBy(KeyKind.WORKSPACE, SampleKey.ALICE)))
                .containsExactly(ofWorkspaces);
        assertThat(listed(KeyFilter.ownedBy(KeyKind.ORGANIZATION, SampleKey.ALICE)))
                .isEmpty();
    }

    @Test
    default void list_byKindAndOrganization_showsWhatIsInBoth() {
        ApiKey personal = stored(new SampleKey().build());
        ApiKey shared = stored(new SampleKey()
                .of(KeyKind.ORGANIZATION, Owner.organization("org_1"))
                .createdAt(NOW.minusMillis(1))
                .build());
        ApiKey elsewhere = stored(new SampleKey()
                .of(Owner.user("alice", "org_2"))
                .createdAt(NOW.minusMillis(2))
                .build());
        ApiKey nowhere = stored(new SampleKey()
                .of(Owner.user("alice"))
                .createdAt(NOW.minusMillis(3))
                .build());

        KeyFilter everything = KeyFilter.everything();
        assertThat(listed(everything.kind(KeyKind.PERSONAL))).containsExactly(personal, elsewhere, nowhere);
        assertThat(listed(everything.organization("org_1"))).containsExactly(personal, shared);
        assertThat(listed(everything.organization("org_1").kind(KeyKind.ORGANIZATION)))
                .containsExactly(shared);
        assertThat(listed(everything.user("alice"))).containsExactly(personal, elsewhere, nowhere);
        for (String almost : List.of("ALICE", "alice ", "alic", "%", "", "alice\u0000", "\uD800")) {
            assertThat(listed(everything.user(almost))).isEmpty();
        }
        for (String almost : List.of("ORG_1", "org_1 ", " org_1", "org", "org_", "%", "", "org_1\u0000", "\uD800")) {
            assertThat(listed(everything.organization(almost))).isEmpty();
        }
    }

    @Test
    default void find_outsideTheFilter_isEmpty() {
        ApiKey key = stored(new SampleKey().named("CRM").build());
        KeyFilter everything = KeyFilter.everything();
        for (KeyFilter within : List.of(
                everything,
                everything.kind(KeyKind.PERSONAL),
                everything.organization("org_1"),
                everything.search("crm"),
                KeyFilter.ownedBy(KeyKind.PERSONAL, SampleKey.ALICE))) {
            assertThat(store().find(key.id(), within)).contains(key);
        }
        for (KeyFilter outside : List.of(
                everything.kind(KeyKind.WORKSPACE),
                everything.organization("org_2"),
                everything.search("erp"),
                KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user("alice")),
                KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user("bob", "org_1")),
                KeyFilter.ownedBy(KeyKind.WORKSPACE, SampleKey.ALICE))) {
            assertThat(store().find(key.id(), outside)).isEmpty();
        }
    }

    /** Stores this number of keys, one per millisecond, and returns them newest first. */
    private List<ApiKey> storedInOrder(int count) {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(0, stored(new SampleKey().createdAt(NOW.plusMillis(i)).build()));
        }
        return keys;
    }
}
