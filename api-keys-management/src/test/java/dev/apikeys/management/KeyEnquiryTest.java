package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyUpdate;
import dev.apikeys.management.ToolCatalogue.Tool;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people ask about keys beside lists: the audit trail of one key, the scopes to choose from, what a policy means. */
class KeyEnquiryTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ALICE = "alice@org_1";
    private static final String EXPLAIN = "/mcp/explain";

    static Stream<Arguments> familiesWithATrailForEachKey() {
        return ManagedFamily.everywhere().filter(where -> where.get()[1] != ManagedFamily.PERSONAL);
    }

    private static ManagementWorld tenant() throws Exception {
        return ManagementWorld.in(Container.JETTY).serving(ManagedFamily.TENANT).start();
    }

    private static JsonNode read(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static List<String> texts(Iterable<JsonNode> nodes, String field) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(node -> node.path(field).asText())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("familiesWithATrailForEachKey")
    void audit_ofOneKey_isItsOwnTrailNewestFirstByPages_alsoAfterItsEnd(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            ApiKey key = world.issue("alice", "org_1", "CRM").key();
            world.issue("alice", "org_1", "another");
            world.keys.update(KeyRef.of(key.id()), KeyUpdate.nothing().named("ERP"), Actor.of("alice"));
            world.revoke(key);
            boolean bare = family == ManagedFamily.WORKSPACE;
            String size = bare ? "page_size" : "limit";

            HttpResponse<String> first =
                    world.as(family.insider, "GET", "/" + key.id() + "/audit?page=1&" + size + "=2", "");
            HttpResponse<String> second =
                    world.as(family.insider, "GET", "/" + key.id() + "/audit?page=2&" + size + "=2", "");

            JsonNode newest = bare ? read(first) : read(first).get("audit");
            JsonNode oldest = bare ? read(second) : read(second).get("audit");
            assertThat(texts(newest, "event")).containsExactly("revoked", "updated");
            assertThat(texts(newest, "actor")).containsExactly("admin", "alice");
            assertThat(texts(oldest, "event")).containsExactly("created");
            assertThat(texts(oldest, bare ? "api_key_id" : "apiKeyId"))
                    .containsExactly(key.id().toString());
            assertThat(
                            bare
                                    ? first.headers()
                                            .firstValue("X-Total-Count")
                                            .orElseThrow()
                                    : read(first).get("total").asText())
                    .isEqualTo("3");
        }
    }

    @ParameterizedTest
    @MethodSource("familiesWithATrailForEachKey")
    void audit_pageThatMakesNoSense_isRefusedByName(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            UUID key = world.issue("alice", "org_1", "CRM").key().id();
            for (String wrong : List.of("0", "-1", "x", "1.5", "99999999999")) {
                HttpResponse<String> refused = world.as(family.insider, "GET", "/" + key + "/audit?page=" + wrong, "");
                assertThat(refused.statusCode()).isEqualTo(family == ManagedFamily.WORKSPACE ? 422 : 400);
                assertThat(refused.body()).contains("\"page\"");
            }
        }
    }

    @Test
    void scopes_ofATenant_areThoseOfTheCatalogueInItsOrder() throws Exception {
        try (ManagementWorld world = tenant()) {
            assertThat(world.as(ALICE, "GET", "/scopes", "").body())
                    .isEqualTo("{\"scopes\":[{\"resource\":\"systems\",\"actions\":[\"read\",\"manage\"]},"
                            + "{\"resource\":\"users\",\"actions\":[\"read\"]}]}");
            assertThat(world.as("alice", "GET", "/scopes", "").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void explain_withAPreset_tellsTheFieldsThatItFixes_andStoresNothing() throws Exception {
        try (ManagementWorld world = tenant()) {
            world.issue("alice", "org_1", "CRM");
            AllCalls.Snapshot before = AllCalls.Snapshot.of(world);

            JsonNode readOnly = read(world.as(ALICE, "POST", EXPLAIN, "{\"mcpPreset\":\"read_only\"}"));

            assertThat(readOnly.at("/policy/mcpReadOnly").asBoolean()).isTrue();
            assertThat(readOnly.get("toolsKnown").asBoolean()).isFalse();
            assertThat(readOnly.get("permissions")).hasSizeGreaterThan(5);
            JsonNode reads = readOnly.get("calls").get(0);
            JsonNode writes = readOnly.get("calls").get(1);
            assertThat(reads.get("allowed").asBoolean()).isTrue();
            assertThat(reads.get("denial").isNull()).isTrue();
            assertThat(writes.get("allowed").asBoolean()).isFalse();
            assertThat(writes.get("denial").asText()).isEqualTo("read_only");
            assertThat(writes.get("explanation").asText()).startsWith("Denied");
            assertThat(texts(read(world.as(ALICE, "POST", EXPLAIN, "{}")).get("calls"), "denial"))
                    .containsOnly("preset_none");
            assertThat(AllCalls.Snapshot.of(world)).isEqualTo(before);
        }
    }

    @Test
    void explain_withAKey_startsFromItsPolicy_andForeignKeysAreNotFound() throws Exception {
        try (ManagementWorld world = tenant()) {
            ApiKey mine = withPolicy(world, "org_1");
            ApiKey foreign = withPolicy(world, "org_9");

            JsonNode explained = read(world.as(ALICE, "POST", EXPLAIN, "{\"id\":\"" + mine.id() + "\"}"));
            assertThat(explained.at("/policy/mcpPreset").asText()).isEqualTo("full");
            JsonNode paused =
                    read(world.as(ALICE, "POST", EXPLAIN, "{\"id\":\"" + mine.id() + "\",\"mcpActive\":false}"));
            assertThat(texts(paused.get("calls"), "denial")).containsOnly("inactive");

            List<HttpResponse<String>> missing = Stream.of(
                            foreign.id().toString(), UUID.randomUUID().toString(), "x")
                    .map(id -> world.as(ALICE, "POST", EXPLAIN, "{\"id\":\"" + id + "\"}"))
                    .toList();
            assertThat(missing).extracting(HttpResponse::statusCode).containsOnly(404);
            assertThat(missing.stream().map(HttpResponse::body).distinct()).hasSize(1);
            assertThat(world.as(ALICE, "POST", EXPLAIN, "{\"mcpPreset\":\"everything\"}")
                            .body())
                    .contains("\"mcpPreset\":\"invalid\"");
        }
    }

    private static ApiKey withPolicy(ManagementWorld world, String organization) {
        return world.keys
                .issue(ManagedFamily.TENANT
                        .spec("alice", organization)
                        .named("Agent")
                        .with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.FULL))))
                .key();
    }

    @Test
    void explain_withToolsOfTheHost_decidesAboutEachOfThem() throws Exception {
        ToolCatalogue tools = caller -> List.of(
                new Tool("systems_list", "List systems", McpCall.Effect.READ_ONLY),
                new Tool("<img src=x>", "<img src=x>", McpCall.Effect.UNKNOWN));
        try (ManagementWorld world = ManagementWorld.in(Container.TOMCAT)
                .serving(ManagedFamily.TENANT)
                .settings(servlet -> servlet.tools(tools))
                .start()) {
            JsonNode explained = read(world.as(
                    ALICE,
                    "POST",
                    EXPLAIN,
                    "{\"mcpPreset\":\"custom\",\"mcpAllowlistMode\":\"listed\",\"mcpToolAllowlist\":[\"systems_*\"]}"));
            assertThat(explained.get("toolsKnown").asBoolean()).isTrue();
            assertThat(explained.at("/calls/0/title").asText()).isEqualTo("List systems");
            assertThat(explained.at("/calls/0/allowed").asBoolean()).isTrue();
            assertThat(explained.at("/calls/1/name").asText()).isEqualTo("<img src=x>");
            assertThat(explained.at("/calls/1/denial").asText()).isEqualTo("tool_not_listed");
        }
    }

    @Test
    void explain_whileTheToolsCantBeRead_decidesAboutMadeUpOnes_andLogsNoMessage() throws Exception {
        explainWhile(new IllegalStateException("no route to mcp.internal"));
        explainWhile(new ConnectException("no route to mcp.internal, as Kotlin throws it"));
    }

    /** Throws any exception, checked or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T thrown(Exception failure) throws E {
        throw (E) failure;
    }

    private static void explainWhile(Exception failure) throws Exception {
        ToolCatalogue broken = caller -> KeyEnquiryTest.<List<Tool>, RuntimeException>thrown(failure);
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(Container.JETTY)
                        .serving(ManagedFamily.TENANT)
                        .settings(servlet -> servlet.tools(broken))
                        .start()) {
            JsonNode explained = read(world.as(ALICE, "POST", EXPLAIN, "{\"mcpPreset\":\"full\"}"));
            assertThat(explained.get("toolsKnown").asBoolean()).isFalse();
            assertThat(log.ours())
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains(failure.getClass().getSimpleName())
                            .doesNotContain("mcp.internal"));
        }
    }
}
