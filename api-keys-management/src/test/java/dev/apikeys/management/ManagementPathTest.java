package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter in front refuses in the words of the family: its clients know one envelope. */
class ManagementPathTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Not by the checked client: what the filter refuses is in no OpenAPI document. */
    private static HttpResponse<String> get(ManagementWorld world, ManagedFamily family, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(world.server.uri(family.mount + path))
                .header("Cookie", "session=" + family.insider);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertEnvelope(ManagedFamily family, HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
        JsonNode body = JSON.readTree(answer.body());
        switch (family) {
            case PERSONAL -> {
                assertThat(body.get("code").intValue()).isEqualTo(status);
                assertThat(body.fieldNames()).toIterable().containsExactly("code", "message", "data");
            }
            case WORKSPACE -> {
                assertThat(body.get("code").intValue()).isEqualTo(status);
                assertThat(body.fieldNames()).toIterable().containsExactly("code", "detail", "type");
            }
            default -> assertThat(body.fieldNames()).toIterable().containsExactly("error", "message");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void doubtfulPath_behindTheFilter_getsTheEnvelopeOfTheFamily(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .permitAll("*", family.mount + "/**")
                        .build())
                .start()) {
            assertThat(get(world, family, "").statusCode()).isEqualTo(200);
            for (String path : List.of(";a=b", "/;a", "/audit;jsessionid=1", "/x;y")) {
                HttpResponse<String> answer = get(world, family, path);
                assertEnvelope(family, answer, 400);
                assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            }
        }
    }

    /** Whatever else the filter refuses there, by a rule of the host's or for its rate. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void refusals_ofTheFilter_getTheEnvelopeOfTheFamily(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .permitAll("*", family.mount)
                        .require("*", "/**", "config:alerts")
                        .build())
                .start()) {
            String token = world.issue("alice", "org_1", "mine").token().reveal();
            assertThat(get(world, family, "").statusCode()).isEqualTo(200);

            HttpResponse<String> none = get(world, family, "/x");
            assertEnvelope(family, none, 401);
            assertThat(none.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
            HttpResponse<String> key = get(world, family, "/x", "X-API-Key", token);
            assertEnvelope(family, key, 403);
            assertThat(key.headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer error=\"insufficient_scope\", scope=\"config:alerts\"");
            HttpResponse<String> two = get(world, family, "/x", "X-API-Key", token, "Authorization", "Bearer " + token);
            assertEnvelope(family, two, 400);
            assertThat(two.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_request\"");
        }
    }
}
