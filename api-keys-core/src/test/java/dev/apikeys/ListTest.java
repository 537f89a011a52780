package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListTest {
    private static final KeyFilter EVERYTHING = KeyFilter.everything();

    private final TestKeys service = new TestKeys();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void keys_areListedNewestFirst_revokedAndExpiredOnesIncluded() {
        IssuedKey shortLived = service.keys().issue(TestKeys.spec().expiresIn(Duration.ofMinutes(1)));
        service.clock().advance(Duration.ofMinutes(1));
        IssuedKey revoked = service.issue();
        service.keys().revoke(ref(revoked), ACTOR, "");
        service.clock().advance(Duration.ofMinutes(1));
        IssuedKey active = service.issue();

        List<ApiKey> listed = service.keys().listAll(KeyFilter.ownedBy(KeyKind.PERSONAL, ALICE));

        assertThat(listed)
                .extracting(key -> key.status(service.clock().instant()))
                .containsExactly(ApiKey.Status.ACTIVE, ApiKey.Status.REVOKED, ApiKey.Status.EXPIRED);
        assertThat(listed)
                .extracting(ApiKey::id)
                .containsExactly(
                        active.key().id(), revoked.key().id(), shortLived.key().id());
    }

    @Test
    void pages_holdEveryKeyOnce_alsoThoseOfOneMillisecond() {
        List<ApiKey> issued = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            issued.add(issue("user" + i, "org_1", "key " + i).key());
            if (i % 5 == 0) {
                service.clock().advance(Duration.ofMillis(1));
            }
        }
        List<ApiKey> paged = new ArrayList<>();
        for (int page = 1; page <= 4; page++) {
            Page<ApiKey> part = service.keys().list(EVERYTHING, PageRequest.page(page, 7));
            assertThat(part.total()).isEqualTo(23);
            assertThat(part.items()).hasSize(page == 4 ? 2 : 7);
            paged.addAll(part.items());
        }

        assertThat(paged).containsExactlyInAnyOrderElementsOf(issued);
        assertThat(paged).isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()));
        assertThat(service.keys().listAll(EVERYTHING)).isEqualTo(paged);
        Page<ApiKey> beyond = service.keys().list(EVERYTHING, PageRequest.page(5, 7));
        assertThat(beyond.items()).isEmpty();
        assertThat(beyond.total()).isEqualTo(23);
    }

    @Test
    void pageAfterAKey_isNotDisturbedByNewerOnes() {
        for (int i = 0; i < 5; i++) {
            issue("user" + i, "org_1", "key " + i);
            service.clock().advance(Duration.ofMillis(1));
        }
        List<ApiKey> before = service.keys().listAll(EVERYTHING);
        ApiKey second = before.get(1);
        issue("later", "org_1", "later");

        Page<ApiKey> rest = service.keys()
                .list(EVERYTHING, PageRequest.after(new PageRequest.Position(second.createdAt(), second.id()), 10));

        assertThat(rest.items()).isEqualTo(before.subList(2, 5));
    }

    @Test
    void allKeys_overOneSlice_areReadWhole() {
        KeyPolicy policy = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, KeyPolicy.MAX_ACTIVE_KEYS);
        try (TestKeys large = new TestKeys(settings -> settings.policy(policy))) {
            KeySpec spec = KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ);
            List<ApiKey> issued = new ArrayList<>();
            for (int i = 0; i < 2 * PageRequest.MAX_LIMIT; i++) {
                issued.add(large.keys().issue(spec).key());
            }
            Collections.sort(issued, (a, b) -> b.id().toString().compareTo(a.id().toString()));

            assertThat(large.keys().listAll(EVERYTHING)).isEqualTo(issued);
        }
    }

    /** However many keys have ended, those that work are in the list, and it stays short. */
    @Test
    void newestKeys_ofVeryMany_beginWithThoseThatHaveNotEnded() {
        KeyPolicy policy = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, KeyPolicy.MAX_ACTIVE_KEYS);
        try (TestKeys large = new TestKeys(settings -> settings.policy(policy))) {
            KeySpec spec = KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ);
            List<ApiKey> live = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                live.add(0, large.keys().issue(spec).key());
                large.clock().advance(Duration.ofMillis(1));
            }
            large.keys().pause(KeyRef.of(live.get(1).id()), ACTOR);
            for (int i = 0; i < PageRequest.MAX_LIMIT; i++) {
                IssuedKey ended = large.keys().issue(spec);
                large.keys().revoke(ref(ended), ACTOR, "");
                large.clock().advance(Duration.ofMillis(1));
            }

            Page<ApiKey> newest = large.keys().listNewest(EVERYTHING);

            assertThat(newest.total()).isEqualTo(PageRequest.MAX_LIMIT + 3);
            assertThat(newest.items()).hasSize(PageRequest.MAX_LIMIT).doesNotHaveDuplicates();
            assertThat(newest.items().subList(0, 3))
                    .extracting(ApiKey::id)
                    .containsExactlyElementsOf(live.stream().map(ApiKey::id).toList());
            assertThat(newest.items().subList(3, PageRequest.MAX_LIMIT))
                    .allMatch(key -> key.revocation() != null)
                    .isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()));
        }
    }

    /** Two questions are asked for the list, and anything may happen between them. */
    @Test
    void newestKeys_ofVeryMany_areDifferentOnes_alsoIfOneIsUsedMeanwhile() {
        KeyPolicy policy = KeyPolicy.DEFAULT.maxActive(KeyKind.ORGANIZATION, KeyPolicy.MAX_ACTIVE_KEYS);
        try (TestKeys large = new TestKeys(settings -> settings.policy(policy))) {
            KeySpec spec = KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ);
            for (int i = 0; i < PageRequest.MAX_LIMIT; i++) {
                large.keys().revoke(ref(large.keys().issue(spec)), ACTOR, "");
            }
            large.clock().advance(Duration.ofMillis(1));
            IssuedKey between = large.keys().issue(spec);
            AtomicInteger questions = new AtomicInteger();
            large.store().before(StoreCall.LIST, arguments -> {
                if (questions.incrementAndGet() == 2) {
                    large.verify(between);
                    large.keys().flush();
                }
            });

            Page<ApiKey> newest = large.keys().listNewest(EVERYTHING);

            assertThat(questions).hasValue(2);
            assertThat(newest.items()).hasSize(PageRequest.MAX_LIMIT);
            assertThat(newest.items()).extracting(ApiKey::id).doesNotHaveDuplicates();
            assertThat(newest.items())
                    .filteredOn(key -> key.id().equals(between.key().id()))
                    .extracting(ApiKey::lastUse)
                    .doesNotContainNull();
        }
    }

    @Test
    void newestKeys_thatAreFew_areAllOfThemNewestFirst() {
        IssuedKey active = service.issue();
        service.clock().advance(Duration.ofMillis(1));
        IssuedKey revoked = service.issue();
        service.keys().revoke(ref(revoked), ACTOR, "");

        Page<ApiKey> newest = service.keys().listNewest(EVERYTHING);

        assertThat(newest.items())
                .extracting(ApiKey::id)
                .containsExactly(revoked.key().id(), active.key().id());
        assertThat(newest.total()).isEqualTo(2);
    }

    @Test
    void filters_showWhatTheyName() {
        ApiKey mine = service.issue().key();
        ApiKey elsewhere = issue("alice", "org_2", "Billing").key();
        ApiKey workspace = service.keys()
                .issue(KeySpec.forWorkspace("alice", "org_1", "ws_1")
                        .named("CRM")
                        .mode(Mode.READ))
                .key();
        ApiKey organization = service.keys()
                .issue(KeySpec.forOrganization("org_1").named("100% CI_x").mode(Mode.READ))
                .key();

        assertThat(ids(KeyFilter.ownedBy(KeyKind.PERSONAL, ALICE))).containsExactly(mine.id());
        assertThat(ids(EVERYTHING.kind(KeyKind.PERSONAL))).containsExactlyInAnyOrder(mine.id(), elsewhere.id());
        assertThat(ids(EVERYTHING.organization("org_1")))
                .containsExactlyInAnyOrder(mine.id(), workspace.id(), organization.id());
        assertThat(ids(EVERYTHING.search("bILLing"))).containsExactly(elsewhere.id());
        assertThat(ids(EVERYTHING.search(" ALICE "))).hasSize(3);
        assertThat(ids(EVERYTHING.search("ws_"))).containsExactly(workspace.id());
        assertThat(ids(EVERYTHING.search("100%"))).containsExactly(organization.id());
        assertThat(ids(EVERYTHING.search("%"))).containsExactly(organization.id());
        assertThat(ids(EVERYTHING.search("100_"))).isEmpty();
        assertThat(ids(EVERYTHING.search(mine.publicId().substring(0, 12).toUpperCase(Locale.ROOT))))
                .containsExactly(mine.id());
        assertThat(ids(EVERYTHING.search(" "))).hasSize(4);
        assertThat(ids(EVERYTHING
                        .organization("org_1")
                        .kind(KeyKind.ORGANIZATION)
                        .search("ci")))
                .containsExactly(organization.id());
    }

    @Test
    void search_forWhatStandsInNoName_findsNothing_andReachesNoStoreAsItIs() {
        service.issue();

        for (String text : List.of("\u0000", "CRM\u0000", "\ud800", "C\u202eRM")) {
            KeyFilter filter = EVERYTHING.search(text);
            assertThat(filter.search().orElseThrow()).contains("\ufffd").doesNotContain("\u0000", "\ud800", "\u202e");
            assertThat(ids(filter)).isEmpty();
        }
    }

    @Test
    void pages_outOfRange_areRefusedByTheirValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRequest.first(0))
                .withMessageContaining("0, 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRequest.first(1_001))
                .withMessageContaining("1001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRequest.page(0, 20))
                .withMessageContaining("-20");
        assertThat(PageRequest.page(Integer.MAX_VALUE, 1_000).offset()).isEqualTo((Integer.MAX_VALUE - 1L) * 1_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVERYTHING.search("x".repeat(256)))
                .withMessageContaining("255");
    }

    private IssuedKey issue(String user, String organization, String name) {
        return service.keys()
                .issue(KeySpec.forUser(user, organization).named(name).mode(Mode.READ));
    }

    private List<UUID> ids(KeyFilter filter) {
        return service.keys().listAll(filter).stream().map(ApiKey::id).toList();
    }
}
