package dev.apikeys.jdbi;

import static dev.apikeys.jdbi.ManyKeys.KEYS;
import static dev.apikeys.jdbi.ManyKeys.NOW;
import static dev.apikeys.jdbi.ManyKeys.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeySearch;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.Conditions.Clause;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The first page of a list and the pages behind a key, their count, searches, trails, and what is asked of an owner with many
 * revoked keys: each reads an index that has the order of the list, or only few rows. A table of 20,000 keys has the shares
 * that large ones have, so that the plans are theirs.
 */
@Tag("tr-skip") // Plans don't depend on the locale.
class ListPlanTest {
    private static final PageRequest FIRST = PageRequest.first(20);
    private static final PageRequest NEXT = PageRequest.after(
            new PageRequest.Position(NOW.minus(Duration.ofHours(KEYS / 2)), new UUID(0, KEYS / 2)), 20);

    private static final Owner HOARDER = Owner.user("hoarder", "org_hoarder");
    private static final String HOARDER_ID = OwnerId.of(KeyKind.PERSONAL, HOARDER);
    private static final int HOARD = 5_000;

    /** A list, and the indexes that its statements read. */
    private record Expected(KeyFilter filter, String listed, String counted) {}

    private static List<Expected> lists() {
        KeyFilter all = KeyFilter.everything();
        return List.of(
                new Expected(all, "api_key_by_age", "api_key"),
                new Expected(all.unrevoked(), "api_key_by_age", "api_key_by_"),
                new Expected(all.kind(KeyKind.WORKSPACE), "api_key_by_kind", "api_key_by_kind"),
                new Expected(KeyFilter.ownedBy(KeyKind.PERSONAL, HOARDER), "api_key_by_owner", "api_key_"),
                new Expected(
                        KeyFilter.ownedBy(KeyKind.PERSONAL, HOARDER).liveAt(NOW),
                        "api_key_unrevoked_by_owner",
                        "api_key_unrevoked_by_owner"),
                new Expected(all.user("hoarder"), "api_key_by_user", "api_key_by_user"),
                new Expected(all.organization("org_hoarder"), "api_key_by_organization", "api_key_by_organization"),
                new Expected(all.concerning("org_hoarder"), "api_key_by_organization", "api_key_by_user"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void everyListAndTrail_readsAnIndexInItsOrder(DatabaseServer server) throws Exception {
        try (TestDatabase database = filled(server)) {
            for (Expected expected : lists()) {
                Conditions conditions = KeyConditions.of(expected.filter(), anywhere(server));
                for (PageRequest page : List.of(FIRST, NEXT)) {
                    assertReads(database, KeyQueries.KEYS.select(conditions, page), expected.listed());
                }
                assertReads(database, BoundedCount.counting("api_key", conditions), expected.counted());
            }
            assertTrail(database, AuditFilter.everything(), "api_key_audit_by_age");
            assertTrail(database, AuditFilter.everything().event(AuditEvent.ROTATED), "api_key_audit_by_event");
            assertTrail(database, AuditFilter.everything().event(AuditEvent.CREATED), "api_key_audit_by_event");
            assertTrail(database, AuditFilter.ownedBy(KeyKind.PERSONAL, HOARDER), "api_key_audit_by_owner");
            assertTrail(database, AuditFilter.everything().key(new UUID(0, 7)), "api_key_audit_by_key");
            assertLongListIsEstimated(database);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void searchesAndOwnersWithManyRevokedKeys_readFewRows(DatabaseServer server) throws Exception {
        try (TestDatabase database = filled(server)) {
            assertSearches(database, server);
            Clause slots = Clause.of(KeyInsert.slots(kind(server)), HOARDER_ID, NOW.toEpochMilli());
            assertReads(database, slots, "api_key_unrevoked_by_owner");
            Clause active = Clause.of(OwnerBatch.active(kind(server)) + "(?, ?)", HOARDER_ID, "owner1");
            assertReads(database, active, "api_key_unrevoked_by_owner");
            if (server == DatabaseServer.POSTGRESQL) {
                assertGenericPlanReads(database, KeyInsert.slots(Database.POSTGRESQL));
            }
        }
    }

    /** Of each lifetime the keys of the page, from the first expired one on; and the revoked ones without the others. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "POSTGRESQL")
    void endedKeysOfEverybody_areReadWithoutTheOthers(DatabaseServer server) throws Exception {
        try (TestDatabase database = filled(server)) {
            KeyFilter expired = KeyFilter.everything().status(ApiKey.Status.EXPIRED, NOW);
            for (KeyFilter filter : List.of(expired, expired.unrevoked(), expired.kind(KeyKind.PERSONAL))) {
                Conditions conditions = KeyConditions.of(filter, anywhere(server));
                for (PageRequest page : List.of(FIRST, NEXT)) {
                    Clause list = KeyQueries.KEYS.select(conditions, page);
                    assertReads(database, list, "scan backward using api_key_by_lifetime");
                    assertThat(plan(database, list)).containsPattern("index cond: .*created_at <= .*expires_at <= ");
                }
            }
            Conditions ofOne = KeyConditions.of(expired.organization("org_hoarder"), anywhere(server));
            assertThat(KeyQueries.KEYS.select(ofOne, FIRST).sql()).doesNotContain("LATERAL");
            Conditions revoked =
                    KeyConditions.of(KeyFilter.everything().status(ApiKey.Status.REVOKED, NOW), anywhere(server));
            for (PageRequest page : List.of(FIRST, NEXT)) {
                assertReads(
                        database, KeyQueries.KEYS.select(revoked, page), "scan backward using api_key_revoked_by_age");
            }
        }
    }

    private static Database kind(DatabaseServer server) {
        return server == DatabaseServer.POSTGRESQL ? Database.POSTGRESQL : Database.MARIADB;
    }

    private static TextSearch anywhere(DatabaseServer server) {
        return new TextSearch(KeySearch.ANYWHERE, "search_text", kind(server));
    }

    private static TestDatabase filled(DatabaseServer server) throws Exception {
        TestDatabase database = server.newDatabase();
        JdbiApiKeyStore.create(database.plain());
        ManyKeys.fill(database, server);
        ManyKeys.hoard(database, HOARDER_ID, HOARD);
        ManyKeys.audit(database, HOARDER_ID);
        ManyKeys.analyse(database, server);
        return database;
    }

    private static void assertSearches(TestDatabase database, DatabaseServer server) throws Exception {
        boolean trigrams = server == DatabaseServer.POSTGRESQL;
        JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
        assertThat(store.keySearch()).isEqualTo(trigrams ? KeySearch.ANYWHERE_FROM_THREE : KeySearch.ANYWHERE);
        KeyFilter rare = KeyFilter.everything().search("number 19876");
        assertThat(store.list(rare, FIRST).items()).hasSize(1);
        if (trigrams) {
            Conditions anywhere = KeyConditions.of(
                    rare, new TextSearch(KeySearch.ANYWHERE_FROM_THREE, "search_text", Database.POSTGRESQL));
            assertReads(database, KeyQueries.KEYS.select(anywhere, FIRST), "api_key_by_text");
            assertReads(database, BoundedCount.counting("api_key", anywhere), "api_key_by_text");
            assertFewTrigramsAreRead(database);
        }
        Conditions beginnings = KeyConditions.of(
                KeyFilter.everything().search("abc"), new TextSearch(KeySearch.BEGINNING, "search_text", kind(server)));
        for (Clause statement :
                List.of(KeyQueries.KEYS.select(beginnings, FIRST), BoundedCount.counting("api_key", beginnings))) {
            assertReads(database, statement, trigrams ? "api_key_by_text" : "api_key_by_name");
            assertReads(database, statement, "api_key_by_user");
            assertReads(database, statement, "api_key_by_organization");
            assertReads(database, statement, "api_key_public_id");
        }
    }

    private static void assertFewTrigramsAreRead(TestDatabase database) throws Exception {
        KeyFilter filter = KeyFilter.everything().search("number 19876");
        TextSearch search = new TextSearch(KeySearch.ANYWHERE_FROM_THREE, "search_text", Database.POSTGRESQL);
        Conditions rare = Jdbi.create(database.plain())
                .withHandle(handle -> KeyConditions.of(filter, search.sampled(handle, filter)));
        assertThat(rare.values()).hasSize(RareTrigrams.MOST + 1).contains("%198%", "%987%", "%876%");
        assertReads(database, KeyQueries.KEYS.select(rare, FIRST), "api_key_by_text");
        assertReads(database, BoundedCount.counting("api_key", rare), "api_key_by_text");

        KeyFilter ofHoarder = KeyFilter.ownedBy(KeyKind.PERSONAL, HOARDER).search("zzqx");
        assertReads(database, KeyQueries.KEYS.select(KeyConditions.of(ofHoarder, search), FIRST), "api_key_by_text");
    }

    private static void assertLongListIsEstimated(TestDatabase database) {
        JdbiApiKeyStore store = JdbiApiKeyStore.create(database.plain());
        long keys = KEYS + HOARD;
        Page<ApiKey> first = store.list(KeyFilter.everything(), FIRST);
        assertThat(first.isEstimated()).isTrue();
        assertThat(first.total()).isBetween(keys / 2, 2 * keys);
        Page<ApiKey> last = store.list(KeyFilter.everything(), new PageRequest(keys - 5, null, 20));
        assertThat(last.items()).hasSize(5);
        assertThat(last).extracting(Page::total, Page::isEstimated).containsExactly(keys, false);
        Page<ApiKey> beyond = store.list(KeyFilter.everything(), new PageRequest(Long.MAX_VALUE, null, 20));
        assertThat(beyond.items()).isEmpty();
        assertThat(beyond.isEstimated()).isTrue();
    }

    private static void assertTrail(TestDatabase database, AuditFilter filter, String index) throws Exception {
        Conditions conditions = AuditTrail.conditions(filter);
        assertReads(database, AuditTrail.ENTRIES.select(conditions, FIRST), index);
        assertReads(database, AuditTrail.ENTRIES.select(conditions, NEXT), index);
        assertReads(database, BoundedCount.counting("api_key_audit", conditions), "api_key_audit_");
    }

    private static void assertReads(TestDatabase database, Clause statement, String index) throws Exception {
        assertThat(plan(database, statement))
                .as(statement.sql())
                .contains(index)
                .doesNotContainPattern(ManyKeys.WHOLE_TABLE);
    }

    /** PostgreSQL makes such a plan once a connection has sent the statement a few times, without looking at the owner. */
    private static void assertGenericPlanReads(TestDatabase database, String sql) {
        String prepared = sql.replaceFirst("\\?", "\\$1").replaceFirst("\\?", "\\$2");
        assertThat(database.plan(
                        "SET plan_cache_mode = force_generic_plan",
                        "PREPARE slots (text, bigint) AS " + prepared,
                        "EXPLAIN EXECUTE slots ('" + HOARDER_ID + "', 1)"))
                .contains("api_key_unrevoked_by_owner");
    }
}
