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

    @ParameterizedTest
    @EnumSource
    void audit_parametersThatAreWrong_areAllNamed(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String number : List.of("x", "1.0", "+1", "%D9%A1", "1%20", "1&page=2")) {
                JsonNode errors =
                        data(world, "/audit?page_size=0&page=" + number).get("errors");
                assertThat(texts(errors, "key")).as(number).containsExactly("page", "page_size");
                assertThat(texts(errors, "message")).as(number).containsExactly("invalid", "out_of_range");
            }
            for (String id : List.of("1-1-1-1-1", "x", UUID.randomUUID() + "0")) {
                assertThat(texts(
                                data(world, "/audit?event=CREATED&api_key_id=" + id)
                                        .get("errors"),
                                "key"))
                        .containsExactly("event", "api_key_id");
            }
            for (String outside : List.of("0", "-1", "2147483648", "9".repeat(999))) {
                assertThat(texts(data(world, "/audit?page=" + outside).get("errors"), "message"))
                        .containsExactly("out_of_range");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_queryThatIsNoText_isMalformed(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            RawHttp.Answer answer = RawHttp.get(
                    world.server.port(), ManagementWorld.MOUNT + "/audit?event=%zz", "Cookie: session=" + ALICE);

            assertThat(answer.status()).isEqualTo(400);
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
                    .containsExactly("");
        }
    }
}
