package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person sees of keys and of the audit trail. */
class PersonalKeysListTest {
    private static final String ALICE = "alice@org_1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode data(ManagementWorld world, String path) throws Exception {
        return JSON.readTree(world.as(ALICE, "GET", path, "").body()).get("data");
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.get(field).textValue()));
        return texts;
    }

    @ParameterizedTest
    @EnumSource
    void list_keysOfOtherKindsOrganizationsAndUsers_areLeftOut(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (KeySpec other : List.of(
                    KeySpec.forUser("alice", "org_2"),
                    KeySpec.forUser("bob", "org_1"),
                    KeySpec.forWorkspace("alice", "org_1", "w_1"),
                    KeySpec.forOrganization("org_1"))) {
                world.keys.issue(other.named("other").mode(Mode.READ));
            }
            world.issue("alice", "org_1", "mine");

            assertThat(texts(data(world, "").get("api_keys"), "name")).containsExactly("mine");
            assertThat(texts(data(world, "/audit").get("audit"), "key_name")).containsExactly("mine");
        }
    }

    /** What a host issued by scopes is no mode; and a host may have no organizations. */
    @ParameterizedTest
    @EnumSource
    void list_absentValuesThatTheContractNeverCallsNull_areEmpty(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            world.keys.issue(KeySpec.of(dev.apikeys.KeyKind.PERSONAL, dev.apikeys.Owner.user("carol"))
                    .named("by scopes")
                    .scopes("read:systems"));

            JsonNode key =
                    JSON.readTree(world.as("carol", "GET", "", "").body()).at("/data/api_keys/0");

            assertThat(key.get("mode").textValue()).isEmpty();
            assertThat(key.get("organization_id").textValue()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_readPageByPage_showsEveryEntryOnceNewestFirst(Container container) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            List<String> newestFirst = new ArrayList<>();
            for (int i = 0; i < 23; i++) {
                world.issue("alice", "org_1", "key " + i);
                newestFirst.add(0, "key " + i);
            }

            List<String> seen = new ArrayList<>();
            for (int page = 1; page <= 5; page++) {
                JsonNode data = data(world, "/audit?page_size=5&page=" + page);
                seen.addAll(texts(data.get("audit"), "key_name"));
                JsonNode pagination = data.get("pagination");
                assertThat(pagination.get("total_count").intValue()).isEqualTo(23);
                assertThat(pagination.get("total_pages").intValue()).isEqualTo(5);
                assertThat(pagination.get("has_next").booleanValue()).isEqualTo(page < 5);
                assertThat(pagination.get("has_prev").booleanValue()).isEqualTo(page > 1);
            }

            assertThat(seen).isEqualTo(newestFirst);
            assertThat(data(world, "/audit").get("audit")).hasSize(20);
            assertThat(data(world, "/audit?page_size=100").get("audit")).hasSize(23);
            assertThat(data(world, "/audit?page=2147483647").get("audit")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_filters_showOnlyWhatTheyName(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            ApiKey first = world.issue("alice", "org_1", "first").key();
            ApiKey foreign = world.issue("bob", "org_1", "foreign").key();
            world.issue("alice", "org_1", "second");
            world.revoke(first);

            assertThat(texts(data(world, "/audit?event=revoked").get("audit"), "key_name"))
                    .containsExactly("first");
            assertThat(texts(data(world, "/audit?api_key_id=" + first.id()).get("audit"), "event"))
                    .containsExactly("revoked", "created");
            assertThat(texts(
                            data(world, "/audit?event=created&api_key_id=" + first.id())
                                    .get("audit"),
                            "key_name"))
                    .containsExactly("first");
            for (UUID none : List.of(foreign.id(), UUID.randomUUID())) {
                assertThat(data(world, "/audit?api_key_id=" + none).get("audit"))
                        .isEmpty();
            }
        }
    }

    /** What makes no sense is no error: defaults, the largest page, an empty list. */
    @ParameterizedTest
    @EnumSource
    void parameters_thatMakeNoSense_fallBack(Container container) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            for (int i = 0; i < 103; i++) {
                world.issue("alice", "org_1", "key " + i);
            }
            for (String list : List.of("/audit", "")) {
                String items = list.isEmpty() ? "api_keys" : "audit";
                for (String page : List.of("0", "-1", "x", "abc", "1.0", "%D9%A1", "1%20", "1&page=2", "2147483648")) {
                    JsonNode data = data(world, list + "?page_size=7&page=" + page);
                    assertThat(data.at("/pagination/page").intValue()).as(page).isEqualTo(1);
                    assertThat(data.get(items)).hasSize(7);
                }
                for (String size : List.of("0", "-5", "abc", "2147483648")) {
                    JsonNode data = data(world, list + "?page_size=" + size);
                    assertThat(data.at("/pagination/page_size").intValue())
                            .as(size)
                            .isEqualTo(20);
                    assertThat(data.get(items)).hasSize(20);
                }
                for (String size : List.of("101", "1000", "2147483647")) {
                    JsonNode data = data(world, list + "?page_size=" + size);
                    assertThat(data.at("/pagination/page_size").intValue())
                            .as(size)
                            .isEqualTo(100);
                    assertThat(data.get(items)).hasSize(100);
                }
            }
            for (String none : List.of("event=opened", "event=CREATED", "api_key_id=1", "api_key_id=x&event=created")) {
                JsonNode data = data(world, "/audit?" + none);
                assertThat(data.get("audit")).as(none).isEmpty();
                assertThat(data.at("/pagination/total_count").intValue()).isZero();
                assertThat(data.at("/pagination/total_pages").intValue()).isZero();
                assertThat(data.at("/pagination/has_next").booleanValue()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void list_readPageByPage_showsEveryKeyOnceNewestFirst(Container container) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            List<String> newestFirst = new ArrayList<>();
            for (int i = 0; i < 23; i++) {
                world.issue("alice", "org_1", "key " + i);
                newestFirst.add(0, "key " + i);
            }

            List<String> seen = new ArrayList<>();
            for (int page = 1; page <= 5; page++) {
                JsonNode data = data(world, "?page_size=5&page=" + page);
                seen.addAll(texts(data.get("api_keys"), "name"));
                JsonNode pagination = data.get("pagination");
                assertThat(pagination.get("total_count").intValue()).isEqualTo(23);
                assertThat(pagination.get("total_pages").intValue()).isEqualTo(5);
                assertThat(pagination.get("next_page").isNull()).isEqualTo(page == 5);
                assertThat(pagination.get("next_page").asInt(6)).isEqualTo(page + 1);
                assertThat(pagination.get("prev_page").isNull()).isEqualTo(page == 1);
                assertThat(pagination.get("prev_page").asInt(0)).isEqualTo(page - 1);
                assertThat(pagination.get("sort_by").textValue()).isEqualTo("created_at");
                assertThat(pagination.get("sort_direction").textValue()).isEqualTo("desc");
            }

            assertThat(seen).isEqualTo(newestFirst);
            assertThat(data(world, "").get("pagination")).isNull();
            assertThat(data(world, "?page=2").at("/pagination/page_size").intValue())
                    .isEqualTo(20);
        }
    }

    /** What is absent is null, in its own type. */
    @ParameterizedTest
    @EnumSource
    void audit_reason_isNullWhereThereIsNone(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String token = world.issue("alice", "org_1", "mine").token().reveal();
            world.keys.verify(FilterKeys.withOtherEnd(token));
            world.keys.flush();
            JsonNode audit = data(world, "/audit").get("audit");
            assertThat(texts(audit, "event")).containsExactlyInAnyOrder("created", "auth_failed");
            audit.forEach(entry -> {
                boolean created = entry.get("event").textValue().equals("created");
                assertThat(entry.get("reason").isNull()).isEqualTo(created);
                assertThat(entry.get("reason").asText(null)).isEqualTo(created ? null : "invalid_secret");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_queryThatIsNoText_isMalformed(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            RawHttp.Answer answer = RawHttp.get(
                    world.server.port(), ManagementWorld.MOUNT + "/audit?event=%zz", "Cookie: session=" + ALICE);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).at("/data/type").textValue())
                    .isEqualTo("malformed_request");
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_rejections_haveTheWordsOfTheContract(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            ApiKey key = world.issue("alice", "org_1", "mine").key();
            for (Rejection rejection : Rejection.values()) {
                boolean overLimit = rejection == Rejection.RATE_LIMITED;
                world.store.appendAudit(List.of(new AuditEntry(
                        UUID.randomUUID(),
                        key.id(),
                        key.kind(),
                        key.owner(),
                        overLimit ? AuditEvent.RATE_LIMITED : AuditEvent.AUTH_FAILED,
                        rejection.name(),
                        key.name(),
                        Mode.READ,
                        "alice",
                        ClientRequest.NONE,
                        world.clock.instant())));
            }
            String failures = "/audit?event=auth_failed";
            assertThat(Set.copyOf(texts(data(world, failures).get("audit"), "reason")))
                    .containsExactlyInAnyOrder(
                            "revoked", "expired", "paused", "user_inactive", "ip_not_allowed", "invalid_secret");
            assertThat(texts(data(world, "/audit?event=rate_limited").get("audit"), "reason"))
                    .containsExactly((String) null);
        }
    }
}
