package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.apikeys.ApiKey;
import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        String plain = AllCalls.body(target.route(), world);
        boolean bodyAllowed = !target.method().equals("GET");
        // DELETE takes no body, and gets one.
        String forged = bodyAllowed
                ? AllCalls.body(target.route(), world, ownerInBody()).replace("{,", "{")
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
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_withoutSession_is401AndWritesNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            UUID key = world.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                for (HttpResponse<String> answer : injected(world, "", AllCalls.about(key, route, world))) {
                    assertThat(answer.statusCode()).as(route.toString()).isEqualTo(401);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_calledByAnotherOwner_writesNothingForOthers(Container container, ManagedFamily family)
            throws Exception {
        for (String attacker : family.outsiders()) {
            try (ManagementWorld world = ManagementWorld.in(container)
                    .serving(family)
                    .policy(ManagementWorld.manyKeys())
                    .start()) {
                ApiKey victim = world.issue("alice", "org_1", "alice's").key();
                Snapshot before = Snapshot.of(world);
                for (Route<?> route : world.routes()) {
                    Target target = AllCalls.about(victim.id(), route, world);
                    for (HttpResponse<String> answer : injected(world, attacker, target)) {
                        assertThat(answer.body()).doesNotContain(victim.publicId(), "alice's");
                    }
                }
                Caller.Session own = ManagementWorld.session(attacker);
                assertThat(world.storedKeys().stream().filter(key -> !family.isOwn(key.owner(), own)))
                        .isEqualTo(before.keys());
                assertThat(world.storedAudit().stream()
                                .filter(entry -> !family.isOwn(entry.owner(), own)
                                        || !entry.actor().equals(own.user())))
                        .isEqualTo(before.audit());
                assertThat(world.storedKeys())
                        .as("the attacker's own calls did work")
                        .hasSizeGreaterThanOrEqualTo(family.creates() && !attacker.equals("alice") ? 2 : 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_calledByTheOwner_worksAndIsAuditedAsTheOwner(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .start()) {
            for (Route<?> route : world.routes()) {
                UUID key = world.issue("alice", "org_1", "alice's").key().id();
                AllCalls.prepare(key, route, world);
                Snapshot before = Snapshot.of(world);

                HttpResponse<String> answer = injected(world, family.insider, AllCalls.about(key, route, world))
                        .get(0);

                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 204);
                assertThat(Snapshot.of(world).equals(before))
                        .as(route.toString())
                        .isNotEqualTo(AllCalls.writes(route));
            }
            assertThat(world.storedAudit())
                    .allSatisfy(entry -> assertThat(entry.actor())
                            .isIn(
                                    "alice",
                                    ManagementWorld.session(family.insider).user()));
        }
    }

    /** Ids cannot be probed: what is foreign, unknown or no id at all looks the same. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_calledWithForeignIds_answersAsForUnknownOnes(Container container, ManagedFamily family)
            throws Exception {
        int keysOfEach = 50;
        // To an administrator nobody's key is foreign.
        assumeThat(family).isNotEqualTo(ManagedFamily.ADMINISTRATION);
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .start()) {
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
                if (!AllCalls.takesKey(route)) {
                    continue;
                }
                String unknown = answer(world, family, UUID.randomUUID(), route);
                for (UUID id : foreign) {
                    assertThat(answer(world, family, id, route))
                            .as(route.toString())
                            .isEqualTo(unknown);
                }
            }
            assertThat(world.storedKeys()).isEqualTo(before);
            for (Route<?> route : world.routes()) {
                HttpResponse<String> answer = world.as(
                        family.insider,
                        route.method(),
                        AllCalls.about(UUID.randomUUID(), route, world).path(),
                        AllCalls.body(route, world));
                assertThat(secrets).noneMatch(secret -> answer.body().contains(secret));
            }
        }
    }

    private static String answer(ManagementWorld world, ManagedFamily family, UUID id, Route<?> route) {
        return GoldenExchange.written(world.as(
                family.insider, route.method(), AllCalls.about(id, route, world).path(), AllCalls.body(route, world)));
    }
}
