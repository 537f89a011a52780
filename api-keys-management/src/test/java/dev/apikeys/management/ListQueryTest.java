package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.KeyRef;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists by status, search and order, and the settings of each family. */
class ListQueryTest {
    private static final Pattern NAME = Pattern.compile("\"name\":\"([a-z]+)\"");

    private static List<String> names(HttpResponse<String> list) {
        assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
        return NAME.matcher(list.body()).results().map(found -> found.group(1)).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void list_byStatusSearchAndOrder_showsWhatIsAskedFor(Container container, ManagedFamily family) throws Exception {
        String sortBy = family == ManagedFamily.PERSONAL || family == ManagedFamily.WORKSPACE ? "sort_by" : "sortBy";
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            ApiKey expiring = world.issue("alice", "org_1", "expired").key();
            world.keys.update(
                    KeyRef.of(expiring.id()),
                    dev.apikeys.KeyUpdate.nothing()
                            .expiresAt(world.clock.instant().plusSeconds(1)),
                    Actor.of("alice"));
            world.revoke(world.issue("alice", "org_1", "revoked").key());
            ApiKey paused = world.issue("alice", "org_1", "paused").key();
            world.keys.pause(KeyRef.of(paused.id()), Actor.of("alice"));
            world.issue("alice", "org_1", "active");
            world.clock.advance(Duration.ofSeconds(2));

            for (String status : List.of("active", "paused", "expired", "revoked")) {
                HttpResponse<String> list = world.as(family.insider, "GET", "?status=" + status, "");
                assertThat(names(list)).containsExactly(status);
                assertThat(list.body()).contains("\"status\":\"" + status + "\"");
            }
            assertThat(names(world.as(family.insider, "GET", "?search=AUS", "")))
                    .containsExactly("paused");
            assertThat(names(world.as(family.insider, "GET", "?" + sortBy + "=name", "")))
                    .containsSubsequence("active", "expired", "paused");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PERSONAL, search, 200, '\"api_keys\":[]'",
        "WORKSPACE, search, 422, '\"loc\":[\"query\",\"search\"]'",
        "TENANT, search, 400, '\"search\":\"invalid\"'",
        "ADMINISTRATION, search, 400, '\"search\":\"invalid\"'",
        "ADMINISTRATION, owner, 400, '\"owner\":\"invalid\"'"
    })
    void list_byTwoTextsInOneParameter_isNotOneByATextThatNobodySent(
            ManagedFamily family, String parameter, int status, String shown) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(Container.JETTY).serving(family).start()) {
            world.issue("alice", "org_1", "[active, paused]");
            HttpResponse<String> list =
                    world.as(family.insider, "GET", "?" + parameter + "=active&" + parameter + "=paused", "");
            assertThat(list.statusCode()).as(list.body()).isEqualTo(status);
            assertThat(list.body()).contains(shown);
        }
    }

    @Test
    void list_byPageOfWorkspaceKeys_tellsTheTotalInAHeader() throws Exception {
        try (ManagementWorld world = ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.WORKSPACE)
                .start()) {
            List.of("a", "b", "c").forEach(name -> world.issue("alice", "org_1", name));
            HttpResponse<String> page = world.as("alice@org_1", "GET", "?page=2&page_size=2", "");
            assertThat(names(page)).containsExactly("a");
            assertThat(page.headers().firstValue("X-Total-Count")).hasValue("3");
        }
    }

    @Test
    void list_byOwner_showsAdministratorsTheKeysOfExactlyThatOne() throws Exception {
        try (ManagementWorld world = ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.ADMINISTRATION)
                .start()) {
            world.issue("alice", "org_a", "first");
            world.issue("bob", "org_b", "second");
            world.issue("carol", "alice", "third");
            assertThat(names(world.as("root@org_root!", "GET", "?owner=alice", "")))
                    .containsExactly("third", "first");
            assertThat(names(world.as("root@org_root!", "GET", "?owner=ali", "")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void settings_ofEachFamily_tellTheBoundAndTheRules(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            String body = world.as(family.insider, "GET", "/settings", "").body();
            boolean snake = family == ManagedFamily.PERSONAL || family == ManagedFamily.WORKSPACE;
            Matcher within = Pattern.compile(snake ? "\"revoked_within_seconds\":1," : "\"revokedWithinSeconds\":1,")
                    .matcher(body);
            assertThat(within.find()).as(body).isTrue();
            assertThat(body)
                    .contains(
                            "\"csrf\":null",
                            family == ManagedFamily.PERSONAL ? "\"proof\":\"password\"" : "\"proof\":null");
            assertThat(world.call("GET", "/settings", "").statusCode()).isEqualTo(401);
        }
    }
}
