package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A custom policy that names tools opens them; only an empty list of permissions is none. */
class CustomPolicyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> STANDARD = McpPolicy.of(McpPreset.STANDARD).getPermissions().stream()
            .map(McpPermission::toString)
            .toList();

    private static List<String> permissions(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        JsonNode key = JSON.readTree(answer.body()).get("apiKey");
        assertThat(key.get("mcpPreset").textValue()).isEqualTo("custom");
        List<String> words = new ArrayList<>();
        key.get("mcpPermissions").forEach(word -> words.add(word.textValue()));
        return words;
    }

    @Test
    void permissions_thatAreAbsentUnderCustom_areThoseOfStandard() throws Exception {
        try (ManagementWorld world = ManagementWorld.in(Container.JETTY)
                .serving(ManagedFamily.TENANT)
                .start()) {
            String insider = ManagedFamily.TENANT.insider;
            String created = "{\"name\":\"%s\",\"permissions\":[\"read:systems\"],%s}";
            assertThat(permissions(world.as(
                            insider,
                            "POST",
                            "",
                            created.formatted("a", "\"mcpPreset\":\"custom\",\"mcpToolAllowlist\":[\"look\"]"))))
                    .isEqualTo(STANDARD);
            assertThat(permissions(
                            world.as(insider, "POST", "", created.formatted("b", "\"mcpToolAllowlist\":[\"look\"]"))))
                    .isEqualTo(STANDARD);
            assertThat(permissions(world.as(
                            insider,
                            "POST",
                            "",
                            created.formatted("c", "\"mcpToolAllowlist\":[\"look\"],\"mcpPermissions\":[]"))))
                    .isEmpty();

            HttpResponse<String> closed =
                    world.as(insider, "POST", "", "{\"name\":\"d\",\"permissions\":[\"read:systems\"]}");
            String path = "/" + JSON.readTree(closed.body()).at("/apiKey/id").textValue();
            assertThat(permissions(world.as(insider, "PATCH", path, "{\"mcpToolAllowlist\":[\"look\"]}")))
                    .isEqualTo(STANDARD);
            assertThat(permissions(world.as(insider, "PATCH", path, "{\"mcpPermissions\":[]}")))
                    .isEmpty();
            assertThat(permissions(world.as(insider, "PATCH", path, "{\"mcpToolAllowlist\":[\"look\",\"get\"]}")))
                    .isEmpty();
        }
    }
}
