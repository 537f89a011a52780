package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.KeyPolicy;
import dev.apikeys.Owner;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules for creating a personal key, beyond the examples of the golden files. */
class PersonalKeysCreateTest {
    private static final String ALICE = "alice@org_1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static HttpResponse<String> create(ManagementWorld world, String body) {
        return world.as(ALICE, "POST", "", body);
    }

    /** A valid body but for one field, given as JSON. */
    private static String bodyWith(String field, String json) {
        Map<String, String> fields = new TreeMap<>(
                Map.of("name", "\"CRM\"", "mode", "\"read\"", "password", "\"" + ManagementWorld.PASSWORD + "\""));
        fields.put(field, json);
        return fields.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static JsonNode data(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body()).get("data");
    }

    private static void assertViolated(HttpResponse<String> response, String key, String code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode errors = data(response).get("errors");
        assertThat(errors).as(response.body()).hasSize(1);
        assertThat(errors.get(0).get("key").textValue()).isEqualTo(key);
        assertThat(errors.get(0).get("message").textValue()).as(response.body()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void create_longestNameWithBlanksAround_isStoredWithoutThem(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String name = "🔑".repeat(255);

            HttpResponse<String> response = create(world, bodyWith("name", "\" \\t\\u00a0" + name + "\\u200b\\n \""));

            assertThat(data(response).get("name").textValue()).isEqualTo(name);
            assertThat(world.storedKeys())
                    .singleElement()
                    .satisfies(key -> assertThat(key.name()).isEqualTo(name));
        }
    }

    /** The longest subject of OpenID Connect. */
    @ParameterizedTest
    @EnumSource
    void create_byAPersonWithTheLongestIds_canBeListedAndRevoked(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String person = "s".repeat(Owner.MAX_ID_LENGTH) + "@" + "o".repeat(Owner.MAX_ID_LENGTH);

            HttpResponse<String> created = world.as(person, "POST", "", bodyWith("name", "\"CRM\""));

            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String id = data(created).get("id").textValue();
            assertThat(world.as(person, "GET", "", "").body()).contains(id);
            assertThat(world.as(ALICE, "GET", "", "").body()).doesNotContain(id);
            assertThat(world.as(person, "DELETE", "/" + id, "").statusCode()).isLessThan(300);
            assertThat(world.storedKeys()).singleElement().satisfies(key -> {
                assertThat(key.owner().user()).hasSize(Owner.MAX_ID_LENGTH);
                assertThat(key.createdBy()).hasSize(Owner.MAX_ID_LENGTH);
                assertThat(key.revocation().by()).hasSize(Owner.MAX_ID_LENGTH);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_nameThatIsNoName_isRefused(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String absent : List.of("null", "\"\"", "\"  \\t\"", "\"\\u200b\"", "\"\\u00a0 \\ufeff\"")) {
                assertViolated(create(world, bodyWith("name", absent)), "name", "required");
            }
            assertViolated(create(world, bodyWith("name", "\"" + "🔑".repeat(256) + "\"")), "name", "too_long");
            for (String unprintable :
                    List.of("a\\u0000b", "a\\r\\nb", "a\\u001bb", "a\\u202eb", "a\\u2028b", "a\\ud800b")) {
                assertViolated(create(world, bodyWith("name", "\"" + unprintable + "\"")), "name", "invalid");
            }
            // A lone surrogate has no form in UTF-8; it can't be shown as it was sent.
            assertThat(create(world, bodyWith("name", "\"a\\ud800b\"")).body()).contains("\"value\":\"a\uFFFDb\"");
            for (String otherType : List.of("5", "true", "[]", "{}", "[\"CRM\"]")) {
                assertViolated(create(world, bodyWith("name", otherType)), "name", "invalid");
            }
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_modeThatIsNoMode_isRefused(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String absent : List.of("null", "\"\"")) {
                assertViolated(create(world, bodyWith("mode", absent)), "mode", "required");
            }
            for (String other : List.of("\"READ\"", "\"write \"", "\"wrıte\"", "\"admin\"", "1", "[\"read\"]")) {
                assertViolated(create(world, bodyWith("mode", other)), "mode", "invalid_mode");
            }
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_days_endTheKeyAfterThatManyAndAtMost365(Container container) throws Exception {
        Map<String, Integer> lifetimes =
                Map.of("null", 90, "1", 1, "364", 364, "365", 365, "366", 365, "2147483648", 365, "9".repeat(999), 365);
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            for (Map.Entry<String, Integer> lifetime : lifetimes.entrySet()) {
                HttpResponse<String> response = create(world, bodyWith("expires_in_days", lifetime.getKey()));

                assertThat(data(response).get("expires_at").textValue())
                        .as(lifetime.getKey())
                        .isEqualTo(ManagementWorld.START
                                .plus(Duration.ofDays(lifetime.getValue()))
                                .toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_daysThatAreNoDays_areRefused(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String tooFew : List.of("0", "-0", "-1", "-9223372036854775809", "-" + "9".repeat(999))) {
                assertViolated(create(world, bodyWith("expires_in_days", tooFew)), "expires_in_days", "out_of_range");
            }
            for (String otherType : List.of("90.0", "9e1", "1e999999", "\"90\"", "\"\"", "true", "[90]", "{}")) {
                assertViolated(create(world, bodyWith("expires_in_days", otherType)), "expires_in_days", "invalid");
            }
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_hostWithLifetimesOfItsOwn_usesThose(Container container) throws Exception {
        KeyPolicy policy = KeyPolicy.DEFAULT.lifetime(Duration.ofDays(7), Duration.ofHours(10 * 24 + 12));
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(policy).start()) {
            assertThat(data(create(world, bodyWith("mode", "\"write\"")))
                            .get("expires_at")
                            .textValue())
                    .isEqualTo("2026-02-10T09:42:00Z");
            assertThat(data(create(world, bodyWith("expires_in_days", "10")))
                            .get("expires_at")
                            .textValue())
                    .isEqualTo("2026-02-13T09:42:00Z");
            assertThat(data(create(world, bodyWith("expires_in_days", "11")))
                            .get("expires_at")
                            .textValue())
                    .isEqualTo("2026-02-13T21:42:00Z");
        }
    }

    /** Else passwords could be tried by requests that cannot succeed, and that leave no key behind. */
    @ParameterizedTest
    @EnumSource
    void create_anotherFieldWrong_triesNoPassword(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String right = bodyWith("mode", "\"admin\"");
            String wrong = right.replace(ManagementWorld.PASSWORD, "guess");

            assertThat(create(world, wrong).body())
                    .isEqualTo(create(world, right).body());
            assertThat(world.stepUps).hasValue(0);
            assertThat(create(world, bodyWith("mode", "\"read\"")).statusCode()).isEqualTo(201);
            assertThat(world.stepUps).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_passwordNotProven_mintsNothing(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String absent : List.of("null", "\"\"")) {
                assertViolated(create(world, bodyWith("password", absent)), "password", "required");
            }
            assertViolated(create(world, bodyWith("password", "[\"guess\"]")), "password", "invalid");
            assertViolated(create(world, bodyWith("password", "\"guess\"")), "password", "incorrect_password");
            for (String uncheckable :
                    List.of(ManagementWorld.UNCHECKABLE_PASSWORD, ManagementWorld.EXPLOSIVE_PASSWORD)) {
                HttpResponse<String> response = create(world, bodyWith("password", "\"" + uncheckable + "\""));
                assertThat(response.statusCode()).isEqualTo(400);
                assertThat(data(response).get("type").textValue()).isEqualTo("external_api_error");
                assertThat(response.body()).doesNotContain("ldap", uncheckable);
            }
            assertThat(world.storedKeys()).isEmpty();
            assertThat(world.storedAudit()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_sessionEndsWhileThePasswordIsChecked_mintsNothing(Container container) throws Exception {
        for (Caller then : List.of(Caller.anonymous(), Caller.session("bob").inOrganization("org_1"))) {
            AtomicReference<Caller> caller =
                    new AtomicReference<>(Caller.session("alice").inOrganization("org_1"));
            try (ManagementWorld world = ManagementWorld.in(container)
                    .sessions(request -> caller.get())
                    .duringStepUp(() -> caller.set(then))
                    .start()) {
                assertThat(create(world, bodyWith("name", "\"late\"")).statusCode())
                        .isEqualTo(401);
                assertThat(world.stepUps).hasValue(1);
                assertThat(world.storedKeys()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_afterOneOfFiveIsRevoked_succeeds(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (int i = 0; i < 5; i++) {
                world.issue("alice", "org_1", "key " + i);
            }
            assertThat(create(world, bodyWith("name", "\"sixth\"")).statusCode())
                    .isEqualTo(409);

            world.as(ALICE, "DELETE", "/" + world.storedKeys().get(2).id(), "");

            assertThat(create(world, bodyWith("name", "\"sixth\"")).statusCode())
                    .isEqualTo(201);
        }
    }
}
