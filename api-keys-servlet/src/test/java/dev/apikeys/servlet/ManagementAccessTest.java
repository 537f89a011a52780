package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.servlet.ManagementCalls.Snapshot;
import dev.apikeys.servlet.ManagementCalls.Target;
import dev.apikeys.servlet.TestServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what: owner and actor come from the session alone, and a key manages no keys. */
class ManagementAccessTest {
    /** Every way in which somebody might try to name alice as the owner. */
    private static final List<String> OWNER_FIELDS = Stream.of(
                    "user_id",
                    "userId",
                    "user",
                    "owner",
                    "owner_id",
                    "ownerId",
                    "created_by",
                    "createdBy",
                    "actor",
                    "sub")
            .toList();

    private static final List<String> TENANT_FIELDS =
            List.of("organization_id", "organizationId", "org_id", "orgId", "organization", "tenant", "tenant_id");

    private static final String[] OWNER_HEADERS = {
        "X-User-Id",
        "alice",
        "X-Organization-Id",
        "org_1",
        "X-Forwarded-User",
        "alice",
        "X-Remote-User",
        "alice",
        "X-Original-User",
        "alice",
        "X-Actor",
        "alice",
        "From",
        "alice"
    };

    private static String ownerInBody() {
        StringBuilder more = new StringBuilder();
        OWNER_FIELDS.forEach(field -> more.append(",\"").append(field).append("\":\"alice\""));
        TENANT_FIELDS.forEach(field -> more.append(",\"").append(field).append("\":\"org_1\""));
        return more.append(
                        ",\"kind\":\"organization\",\"owner_object\":{\"user\":\"alice\",\"organization\":\"org_1\"}")
                .toString();
    }

    private static String ownerInQuery(String path) {
        StringBuilder query = new StringBuilder(path).append(path.contains("?") ? "&" : "?");
        OWNER_FIELDS.forEach(field -> query.append(field).append("=alice&"));
        TENANT_FIELDS.forEach(field -> query.append(field).append("=org_1&"));
        return query.append("x=").toString();
    }

    /** Answers to the call with the owner injected nowhere, in the body, in the query, in headers, and everywhere. */
    private static List<HttpResponse<String>> injected(ManagementWorld world, String who, Target target) {
        String plain = ManagementCalls.body(target.route(), world);
        boolean bodyAllowed = !target.method().equals("GET");
        // DELETE takes no body, and gets one.
        String forged = bodyAllowed
                ? ManagementCalls.body(target.route(), world, ownerInBody()).replace("{,", "{")
                : "";
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(world.as(who, target.method(), target.path(), plain));
        if (bodyAllowed) {
            answers.add(world.as(who, target.method(), target.path(), forged));
        }
        answers.add(world.as(who, target.method(), ownerInQuery(target.path()), plain));
        answers.add(world.as(who, target.method(), target.path(), plain, OWNER_HEADERS));
        answers.add(world.as(who, target.method(), ownerInQuery(target.path()), forged, OWNER_HEADERS));
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void everyRoute_withoutSession_is401AndWritesNothing(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            UUID key = world.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                for (HttpResponse<String> answer : injected(world, "", ManagementCalls.about(key, route, world))) {
                    assertThat(answer.statusCode()).as(route.toString()).isEqualTo(401);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRoute_calledByAnotherOwner_writesNothingForOthers(Container container) throws Exception {
        for (String attacker : List.of("bob@org_2", "bob@org_1", "alice@org_2", "alice")) {
            try (ManagementWorld world = ManagementWorld.in(container)
                    .policy(ManagementWorld.manyKeys())
                    .start()) {
                ApiKey victim = world.issue("alice", "org_1", "alice's").key();
                Snapshot before = Snapshot.of(world);
                for (Route<?> route : world.routes()) {
                    Target target = ManagementCalls.about(victim.id(), route, world);
                    for (HttpResponse<String> answer : injected(world, attacker, target)) {
                        assertThat(answer.body()).doesNotContain(victim.publicId(), "alice's");
                    }
                }
                Caller.Session own = ManagementWorld.session(attacker);
                assertThat(world.storedKeys().stream()
                                .filter(key -> !key.owner().equals(own.owner())))
                        .isEqualTo(before.keys());
                assertThat(world.storedAudit().stream()
                                .filter(entry -> !entry.owner().equals(own.owner())
                                        || !entry.actor().equals(own.user())))
                        .isEqualTo(before.audit());
                assertThat(world.storedKeys())
                        .as("the attacker's own calls did work")
                        .hasSizeGreaterThan(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRoute_calledByTheOwner_worksAndIsAuditedAsTheOwner(Container container) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            for (Route<?> route : world.routes()) {
                UUID key = world.issue("alice", "org_1", "alice's").key().id();
                Snapshot before = Snapshot.of(world);

                HttpResponse<String> answer = injected(world, "alice@org_1", ManagementCalls.about(key, route, world))
                        .get(0);

                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
                assertThat(Snapshot.of(world).equals(before))
                        .as(route.toString())
                        .isNotEqualTo(route.changesState());
            }
            assertThat(world.storedAudit())
                    .allSatisfy(entry -> assertThat(entry.actor()).isEqualTo("alice"));
        }
    }

    /** Ids cannot be probed: what is foreign, unknown or no id at all looks the same. */
    @ParameterizedTest
    @EnumSource
    void everyRoute_calledWithForeignIds_answersAsForUnknownOnes(Container container) throws Exception {
        int keysOfEach = 50;
        try (ManagementWorld world =
                ManagementWorld.in(container).policy(ManagementWorld.manyKeys()).start()) {
            Set<String> secrets = new HashSet<>();
            List<UUID> foreign = new ArrayList<>();
            for (int i = 0; i < keysOfEach; i++) {
                world.issue("alice", "org_1", "mine");
                ApiKey key = world.issue("bob", "org_2", "foreign").key();
                foreign.add(key.id());
                secrets.addAll(List.of(key.id().toString(), key.publicId()));
            }
            List<ApiKey> before = world.storedKeys();
            for (Route<?> route : world.routes()) {
                if (!ManagementCalls.takesKey(route)) {
                    continue;
                }
                String unknown = answer(world, UUID.randomUUID(), route);
                for (UUID id : foreign) {
                    assertThat(answer(world, id, route)).as(route.toString()).isEqualTo(unknown);
                }
            }
            assertThat(world.storedKeys()).isEqualTo(before);
            for (Route<?> route : world.routes()) {
                HttpResponse<String> answer = world.as(
                        "alice@org_1",
                        route.method(),
                        ManagementCalls.about(UUID.randomUUID(), route, world).path(),
                        ManagementCalls.body(route, world));
                assertThat(secrets).noneMatch(secret -> answer.body().contains(secret));
            }
        }
    }

    private static String answer(ManagementWorld world, UUID id, Route<?> route) {
        return GoldenExchange.written(world.as(
                "alice@org_1",
                route.method(),
                ManagementCalls.about(id, route, world).path(),
                ManagementCalls.body(route, world)));
    }
}
