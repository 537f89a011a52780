package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of an owner who has very many keys, nearly all of them ended. */
class BoundedListTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENDED = 1_200;
    /** Of a tenant, whose lists show no key that was revoked. */
    private static final int LIVE = 1_203;

    private static final int MOST = 1_000;
    /** Of an answer with {@value #MOST} keys. */
    private static final int MAX_LENGTH = 800_000;

    /** Three that work, and then more that don't than a list holds. */
    private static List<String> fill(ManagementWorld world, int ended) {
        List<String> live = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            live.add(0, world.issue("alice", "org_1", "live " + i).key().id().toString());
        }
        for (int i = 0; i < ended; i++) {
            world.revoke(world.issue("alice", "org_1", "ended " + i).key());
        }
        return live;
    }

    private static JsonNode get(ManagementWorld world, ManagedFamily family, String query) throws Exception {
        HttpResponse<String> response = world.as(family.insider, "GET", query, "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().length()).isLessThan(MAX_LENGTH);
        return JSON.readTree(response.body());
    }

    private static List<String> ids(JsonNode keys) {
        List<String> ids = new ArrayList<>();
        keys.forEach(key -> ids.add(key.get("id").textValue()));
        return ids;
    }

    @ParameterizedTest
    @EnumSource(
            value = ManagedFamily.class,
            names = {"PERSONAL", "WORKSPACE"})
    void list_ofVeryManyKeys_holdsTheNewestThousandAndFirstThoseThatWork(ManagedFamily family) throws Exception {
        assertBounded(family, ENDED);
    }

    /** The answer is no longer, however many there are; 20,000 keys once made 6.3 MB. */
    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(
            value = ManagedFamily.class,
            names = {"PERSONAL", "WORKSPACE"})
    void list_of20000RevokedKeys_isAsLong(ManagedFamily family) throws Exception {
        assertBounded(family, 20_000);
    }

    private static void assertBounded(ManagedFamily family, int ended) throws Exception {
        try (ManagementWorld world = start(family)) {
            List<String> live = fill(world, ended);

            JsonNode answer = get(world, family, "");

            List<String> ids = ids(family == ManagedFamily.PERSONAL ? answer.at("/data/api_keys") : answer);
            assertThat(ids).hasSize(MOST).doesNotHaveDuplicates();
            assertThat(ids.subList(0, 3)).isEqualTo(live);
        }
    }

    /** A tenant's list never shows revoked keys; its total says how many there are, and pages show the rest. */
    @Test
    void list_ofATenant_isBoundedAndHasPages() throws Exception {
        ManagedFamily family = ManagedFamily.TENANT;
        try (ManagementWorld world = start(family)) {
            List<String> oldest = new ArrayList<>();
            for (int i = 0; i < LIVE; i++) {
                String id = world.issue("alice", "org_1", "key " + i).key().id().toString();
                if (i < 3) {
                    oldest.add(0, id);
                }
            }

            JsonNode all = get(world, family, "");
            assertThat(all.get("apiKeys")).hasSize(MOST);
            assertThat(all.get("total").intValue()).isEqualTo(LIVE);
            JsonNode last = get(world, family, "?page=13&limit=100");
            assertThat(ids(last.get("apiKeys"))).isEqualTo(oldest);
            assertThat(last.get("total").intValue()).isEqualTo(LIVE);
            assertThat(get(world, family, "?page=2").get("apiKeys")).hasSize(20);
            HttpResponse<String> wrong = world.as(family.insider, "GET", "?page=0&limit=101", "");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(wrong.body()).get("fields")).hasSize(2);
        }
    }

    private static ManagementWorld start(ManagedFamily family) throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .start();
    }
}
