package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.Scopes;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key is never wider than whoever makes it, and nobody makes one after the session has ended. */
class GrantableScopesTest {
    private static final List<String> GRANTABLE = List.of("read:systems", "manage:systems", "read:users");
    private static final List<String> BEYOND = List.of(
            "destroy:systems",
            "manage:users",
            "read:*",
            "*:systems",
            "*:*",
            "read:system",
            "read:systemss",
            "READ:systems",
            "read:Systems",
            "impersonate:users",
            "config:alerts");
    private static final int TRIES = 5_000;

    private static String body(ManagedFamily family, Set<String> scopes) {
        String field = family == ManagedFamily.WORKSPACE ? "allowed_scopes" : "permissions";
        return scopes.stream()
                .map(scope -> "\"" + scope + "\"")
                .collect(Collectors.joining(",", "{\"name\":\"CRM\",\"" + field + "\":[", "]}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"WORKSPACE", "TENANT"})
    void eachScope_beyondWhatMayBeGranted_isRefusedWhole(ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(Container.JETTY).serving(family).start()) {
            for (String beyond : BEYOND) {
                for (Set<String> scopes : List.of(Set.of(beyond), Set.of(beyond, GRANTABLE.get(0)))) {
                    assertThat(world.as(family.insider, "POST", "", body(family, scopes))
                                    .body())
                            .as(beyond)
                            .contains("not_grantable");
                }
            }
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    @Tag("tr-skip") // The test above has each scope.
    @ParameterizedTest
    @EnumSource(names = {"WORKSPACE", "TENANT"})
    void randomSupersets_ofWhatMayBeGranted_areRefusedWhole(ManagedFamily family) throws Exception {
        Random random = new Random(20_260_203);
        try (ManagementWorld world =
                ManagementWorld.in(Container.JETTY).serving(family).start()) {
            for (int i = 0; i < TRIES; i++) {
                Set<String> scopes = new TreeSet<>();
                for (String scope : GRANTABLE) {
                    if (random.nextBoolean()) {
                        scopes.add(scope);
                    }
                }
                scopes.add(BEYOND.get(random.nextInt(BEYOND.size())));
                String body = body(family, scopes);
                assertThat(world.as(family.insider, "POST", "", body).body())
                        .as(body)
                        .contains("not_grantable");
            }
            assertThat(world.storedKeys()).isEmpty();

            assertThat(world.as(family.insider, "POST", "", body(family, Set.copyOf(GRANTABLE)))
                            .statusCode())
                    .isEqualTo(201);
            ApiKey key = world.storedKeys().get(0);
            assertThat(key.grant()).isEqualTo(Grant.of(Scopes.of(GRANTABLE.toArray(String[]::new))));
            for (String beyond : BEYOND) {
                if (family == ManagedFamily.TENANT) {
                    assertThat(world.as(family.insider, "PATCH", "/" + key.id(), body(family, Set.of(beyond)))
                                    .statusCode())
                            .isEqualTo(400);
                }
            }
            assertThat(world.storedKeys()).containsExactly(key);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WORKSPACE", "TENANT"})
    void session_thatEndsWhileTheCatalogueIsAsked_mintsAndWidensNothing(ManagedFamily family) throws Exception {
        AtomicBoolean loggedIn = new AtomicBoolean(true);
        AtomicBoolean endsNow = new AtomicBoolean();
        try (ManagementWorld world = ManagementWorld.in(Container.JETTY)
                .serving(family)
                .sessions(request -> loggedIn.get() ? ManagementWorld.session(family.insider) : Caller.anonymous())
                .catalogue((caller, owner) -> {
                    loggedIn.set(!endsNow.get());
                    return ManagementWorld.grantable(caller, owner);
                })
                .start()) {
            ApiKey key = world.issue("alice", "org_1", "before").key();
            List<Integer> statuses = new ArrayList<>();
            endsNow.set(true);
            statuses.add(world.as(family.insider, "POST", "", body(family, Set.of("read:systems")))
                    .statusCode());
            if (family == ManagedFamily.TENANT) {
                loggedIn.set(true);
                statuses.add(world.as(family.insider, "PUT", "/" + key.id(), body(family, Set.of("manage:systems")))
                        .statusCode());
            }

            assertThat(statuses).containsOnly(401);
            assertThat(world.storedKeys()).containsExactly(key);
        }
    }
}
