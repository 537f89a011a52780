package dev.apikeys.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A key manages no keys, for every way to send it and with every session. */
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
                    HttpResponse<String> both =
                            answer(world, who, target, "Authorization", "Bearer " + token, "X-API-Key", token);
                    assertThat(both.statusCode()).isEqualTo(400);
                    assertThat(both.headers().allValues("WWW-Authenticate"))
                            .containsExactly("Bearer error=\"invalid_request\"");
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

    /** A paused key can't even end itself; a person resumes it first, or revokes it. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void pausedKey_isNoKey_inAnybodysSession(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            IssuedKey issued = world.keys.issue(family.spec("alice", "org_1")
                    .named("paused")
                    .with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)));
            String token = issued.token().reveal();
            world.keys.pause(KeyRef.of(issued.key().id()), Actor.of("alice"));
            List<ApiKey> before = world.storedKeys();
            for (Route<?> route : family.family(world).codec().routes()) {
                Target target = AllCalls.about(issued.key().id(), route, world);
                for (String who : List.of("", family.insider)) {
                    assertThat(status(world, who, target, "X-API-Key", token))
                            .as(route.toString())
                            .isEqualTo(401);
                }
            }
            assertThat(world.storedKeys()).isEqualTo(before);
        }
    }

    /** The filter in front lets everything through, as the guide says; the key is where only the host would look for it. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void apiKey_anywhereInTheRequest_managesNothingInAnybodysSession(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .acceptQueryParameter("api_key")
                        .permitAll("*", "/**")
                        .build())
                .start()) {
            IssuedKey issued = world.issue("alice", "org_1", "alice's");
            String token = issued.token().reveal();
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                Target target = AllCalls.about(issued.key().id(), route, world);
                for (String query : List.of(
                        "api_key=" + token,
                        "api_key=" + token.replace("_", "%5F"),
                        "%61pi_key=" + token,
                        "a=b&access_token=" + token + "&c",
                        token)) {
                    String path = target.path() + (target.path().contains("?") ? "&" : "?") + query;
                    assertThat(status(world, family.insider, new Target(route, path)))
                            .as(query)
                            .isEqualTo(403);
                }
                for (String[] header : List.of(
                        new String[] {"Api-Key", token},
                        new String[] {"X-Token", "  " + token},
                        new String[] {"Authorization", "Token " + token},
                        new String[] {"Authorization", token},
                        new String[] {"Authorization", "Basic " + basic(token + ":")},
                        new String[] {"Authorization", "Basic " + basic("alice:" + token)})) {
                    assertThat(status(world, family.insider, target, header))
                            .as(header[0])
                            .isEqualTo(403);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    private static String basic(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    /** An administrator looks for a key by the beginning of its token, or by text that only looks like one. */
    @ParameterizedTest
    @EnumSource
    void search_forWhatLooksLikeAToken_isAnswered(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(ManagedFamily.ADMINISTRATION)
                .start()) {
            String token = world.issue("alice", "org_1", "alice's").token().reveal();
            for (String search : List.of("myk_", token.substring(0, 12), FilterKeys.withOtherEnd(token))) {
                assertThat(world.as(ManagedFamily.ADMINISTRATION.insider, "GET", "?search=" + search, "")
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(world.as(
                                    ManagedFamily.ADMINISTRATION.insider,
                                    "GET",
                                    "?a=myk_1&b=myk_2&c=myk_3&d=myk_4&e=myk_5",
                                    "")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    /** The same places as the filter's: a key that may revoke itself comes as all others do. */
    @ParameterizedTest
    @EnumSource
    void revokeSelf_withTheKeyWhereTheHostTakesIt_revokes(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(ManagedFamily.WORKSPACE)
                .settings(servlet -> servlet.credentials(
                        CredentialPlaces.DEFAULT.header("Api-Key").schemes("Token")))
                .start()) {
            String token = world.keys
                    .issue(ManagedFamily.WORKSPACE
                            .spec("alice", "org_1")
                            .named("self")
                            .with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)))
                    .token()
                    .reveal();
            // Not by the checked client: the document names the usual scheme.
            HttpRequest elsewhere = HttpRequest.newBuilder(world.server.uri(ManagedFamily.WORKSPACE.mount + "/self"))
                    .header("X-API-Key", token)
                    .DELETE()
                    .build();
            HttpResponse<String> refused = HttpClient.newHttpClient().send(elsewhere, BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly("Token");
            assertThat(refused.headers().allValues("Vary")).containsExactly("Authorization, Api-Key, Cookie, Origin");
            assertThat(world.call("DELETE", "/self", "", "Api-Key", token).statusCode())
                    .isEqualTo(204);
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
        return answer(world, who, target, headers).statusCode();
    }

    private static HttpResponse<String> answer(ManagementWorld world, String who, Target target, String... headers) {
        String body = AllCalls.body(target.route(), world);
        return world.as(who, target.method(), target.path(), body, headers);
    }
}
