package dev.apikeys.jdbi;

import static dev.apikeys.jdbi.ManyKeys.KEYS;
import static dev.apikeys.jdbi.ManyKeys.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeySearch;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.jdbi.Conditions.Clause;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lists by status, expiry, use and metadata read an index. None of their statements reads the whole table of keys, whose
 * rows are wide.
 */
@Tag("tr-skip") // Plans don't depend on the locale.
class FilterPlanTest {
    private static final PageRequest PAGE = PageRequest.first(20);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void lists_byStatusExpiryUseAndMetadata_readAnIndex(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            List<String> sent = new CopyOnWriteArrayList<>();
            JdbiApiKeyStore store = JdbiApiKeyStore.create(InterceptedDataSource.of(database.plain(), call -> {
                if (call.name().equals("prepareStatement")) {
                    sent.add(String.valueOf(call.argument(0)));
                }
                return call.proceed();
            }));
            ManyKeys.fill(database, server);
            Database kind = server == DatabaseServer.POSTGRESQL ? Database.POSTGRESQL : Database.MARIADB;
            TextSearch search = new TextSearch(KeySearch.ANYWHERE, "search_text", kind);
            for (Expected expected : filters()) {
                sent.clear();
                expected.assertTotal(store.list(expected.filter(), PAGE));
                Conditions conditions = KeyConditions.of(expected.filter(), search);
                Clause list = KeyQueries.KEYS.select(conditions, PAGE);
                Clause count = BoundedCount.counting("api_key", conditions);
                assertThat(sent).startsWith(list.sql(), count.sql());
                String counted = ManyKeys.plan(database, count);
                assertThat(counted).as(conditions.where()).contains(expected.index());
                assertThat(counted + ManyKeys.plan(database, list))
                        .as(conditions.where())
                        .doesNotContainPattern(ManyKeys.WHOLE_TABLE);
            }
        }
    }

    /** Each part of a walk begins and ends in the index, where mostly no key in it is found. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void notices_areLookedForInPartsOfAnIndex(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore.create(database.plain());
            ManyKeys.fill(database, server);
            for (String notice : List.of("m", "n")) {
                database.execute("INSERT INTO api_key_notice (key_id, notice, about, given_at) SELECT id, '" + notice
                        + "', created_at, 0 FROM api_key");
            }
            database.execute((server == DatabaseServer.MARIADB ? "ANALYZE TABLE" : "ANALYZE") + " api_key_notice");
            KeyFilter all = KeyFilter.everything();
            KeyFilter ending = all.liveAt(NOW).endingBetween(NOW, NOW.plus(Duration.ofDays(700)));
            KeyFilter unused = all.status(Status.ACTIVE, NOW).unusedSince(NOW.minus(Duration.ofDays(30)));
            Database kind = server == DatabaseServer.POSTGRESQL ? Database.POSTGRESQL : Database.MARIADB;
            TextSearch search = new TextSearch(KeySearch.ANYWHERE, "search_text", kind);
            for (NoticeSearch notice : List.of(
                    new NoticeSearch(new NoticeQuery("n", ending, About.EXPIRY, null), search),
                    new NoticeSearch(new NoticeQuery("n", unused.neverUsed(), About.ISSUE, null), search),
                    new NoticeSearch(
                            new NoticeQuery("n", unused, About.USE, new NoticeQuery.Earlier("m", NOW)), search))) {
                boolean aboutExpiry = notice.query().about() == About.EXPIRY;
                Instant from = aboutExpiry ? NOW.plus(Duration.ofDays(600)) : NOW.minus(Duration.ofDays(100));
                Position after = new Position(from, new UUID(0, 0));
                Position end = new Position(from.minus(Duration.ofHours(500)), new UUID(0, 0));
                String index = aboutExpiry ? "api_key_by_expiry" : "api_key_by_age";
                for (Clause statement : List.of(
                        notice.last(after, 500),
                        KeyQueries.KEYS.select(notice.due(after, end), PAGE.in(notice.order())))) {
                    assertThat(ManyKeys.plan(database, statement))
                            .as(statement.sql())
                            .contains(index)
                            .doesNotContainPattern(ManyKeys.WHOLE_TABLE);
                }
            }
        }
    }

    /** A filter, with the number of keys that it finds, and the index in which they are counted. */
    private record Expected(KeyFilter filter, long keys, String index) {
        void assertTotal(Page<ApiKey> page) {
            if (keys <= Conditions.COUNTED) {
                assertThat(page.count()).isEqualTo(Page.Count.EXACT);
                assertThat(page.total()).isEqualTo(keys);
            } else {
                assertThat(page.count()).isEqualTo(Page.Count.ESTIMATE);
                assertThat(page.total()).isBetween(Conditions.COUNTED + 1L, 2 * keys);
            }
        }
    }

    private static List<Expected> filters() {
        KeyFilter all = KeyFilter.everything();
        return List.of(
                new Expected(all.status(Status.PAUSED, NOW), 198, "api_key_by_state"),
                new Expected(all.status(Status.REVOKED, NOW), 200, "api_key_by_"),
                new Expected(all.status(Status.EXPIRED, NOW), 241, "api_key_by_"),
                new Expected(all.status(Status.ACTIVE, NOW), KEYS - 198 - 200 - 241, "api_key_by_state"),
                new Expected(all.liveAt(NOW).expiringBefore(NOW.plus(Duration.ofHours(100))), 98, "api_key_by_"),
                new Expected(all.unusedSince(NOW.minus(Duration.ofDays(90))), 90, "api_key_by_age"),
                new Expected(all.neverUsed().unusedSince(NOW), 50, "api_key_by_"),
                new Expected(all.metadata("team", "blue"), 40, "api_key_metadata_by_entry"),
                new Expected(all.unrevoked().metadata("team", "blue"), 40, "api_key_metadata_by_entry"),
                new Expected(all.metadata(KeyOptions.LABEL, "crm"), 100, "api_key_by_label"));
    }
}
