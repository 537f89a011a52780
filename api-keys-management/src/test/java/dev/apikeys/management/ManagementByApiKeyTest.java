package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A key manages no keys, in whatever way it comes and whoever's session comes with it. */
class ManagementByApiKeyTest {
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void apiKey_withoutFilterInFront_managesNothingInAnybodysSession(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            IssuedKey issued = world.issue("alice", "org_1", "alice's");
            String token = issued.token().reveal();
            String wrong = FilterKeys.withOtherEnd(token);
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                for (String who : List.of("", family.insider)) {
                    Target target = AllCalls.about(issued.key().id(), route, world);
                    assertThat(status(world, who, target, "Authorization", "Bearer " + token))
                            .isEqualTo(403);
                    assertThat(status(world, who, target, "X-API-Key", token)).isEqualTo(403);
                    assertThat(status(world, who, target, "X-API-Key", wrong)).isEqualTo(401);
                    assertThat(status(world, who, target, "Authorization", "Bearer myk_"))
                            .isEqualTo(401);
                    assertThat(status(world, who, target, "Authorization", "Bearer " + token, "X-API-Key", token))
                            .isEqualTo(400);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    /** The token may be where only the filter looks for it; what the filter says is enough. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void apiKey_recognisedByAFilterInFront_managesNothing(Container container, ManagedFamily family) throws Exception {
        List<ManagementWorld.FilterOf> filters = List.of(
                host -> ApiKeyFilter.builder(host.keys)
                        .acceptQueryParameter("api_key")
                        .requireKey("*", "/**")
                        .build(),
                host -> (request, response, chain) -> {
                    request.setAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE, principal(host, request));
                    chain.doFilter(request, response);
                },
                host -> (request, response, chain) -> chain.doFilter(
                        new KeyRequest((HttpServletRequest) request, principal(host, request)), response));
        for (ManagementWorld.FilterOf filter : filters) {
            try (ManagementWorld world =
                    ManagementWorld.in(container).serving(family).filter(filter).start()) {
                IssuedKey issued = world.issue("alice", "org_1", "alice's");
                for (Route<?> route : world.routes()) {
                    Target target = AllCalls.about(issued.key().id(), route, world);
                    String path = target.path() + (target.path().contains("?") ? "&" : "?") + "api_key="
                            + issued.token().reveal();
                    assertThat(status(world, family.insider, new Target(route, path)))
                            .isEqualTo(403);
                }
                assertThat(world.storedKeys()).containsExactly(issued.key());
            }
        }
    }

    private static KeyPrincipal principal(ManagementWorld world, ServletRequest request) {
        String query = ((HttpServletRequest) request).getQueryString();
        return world.keys
                .verify(query.substring(query.indexOf("api_key=") + "api_key=".length()))
                .orElseThrow();
    }

    /** The host's own bearer tokens are for its resolver to read. */
    @ParameterizedTest
    @EnumSource
    void bearerToken_ofTheHost_isNotTakenForAnApiKey(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String jwt = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln";

            assertThat(world.as("alice@org_1", "GET", "", "", "Authorization", jwt)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static int status(ManagementWorld world, String who, Target target, String... headers) {
        String body = AllCalls.body(target.route(), world);
        return world.as(who, target.method(), target.path(), body, headers).statusCode();
    }
}
