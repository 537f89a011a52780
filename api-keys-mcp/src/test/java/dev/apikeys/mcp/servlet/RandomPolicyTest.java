package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over HTTP as in the policy itself: what is listed can be called, and nothing else. */
class RandomPolicyTest {
    private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
    private static final String[] TOOLS = {
        "systems_list?",
        "systems_get?",
        "systems_restart",
        "systems_delete",
        "Systems_get?",
        "users_get?",
        "users_set",
        "u",
        "u?x",
        "systems"
    };

    @ParameterizedTest
    @EnumSource(Container.class)
    void randomPolicies_listExactlyWhatCanBeCalled(Container container) throws Exception {
        Random random = new Random(20_260_728L);
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String list = toolList(1, TOOLS);
            for (int round = 0; round < 100; round++) {
                McpPolicy policy = policy(random);
                world.change(key, present -> policy);
                world.mcp.answers(ScriptedServer.json(list));
                HttpResponse<String> shown = world.post(key, request(1, "tools/list", "{}"));
                Set<String> listed = new HashSet<>(NAME.matcher(shown.body())
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .toList());
                world.mcp.answers(ScriptedServer.json("{}"));
                for (String tool : TOOLS) {
                    String name = tool.replace("?", "");
                    assertThat(world.passes(key, call(1, name)))
                            .as(policy + " " + name)
                            .isEqualTo(listed.contains(name));
                }
            }
        }
    }

    private static McpPolicy policy(Random random) {
        McpPreset[] presets = McpPreset.values();
        McpPolicy policy = McpPolicy.of(presets[random.nextInt(presets.length)]);
        if (random.nextInt(4) > 0) {
            List<String> entries = new ArrayList<>();
            for (String tool : TOOLS) {
                String name = tool.replace("?", "");
                if (random.nextInt(4) == 0) {
                    entries.add(random.nextBoolean() ? name : name.substring(0, random.nextInt(name.length())) + "*");
                }
            }
            policy = policy.tools(entries).allowlistMode(McpPolicy.AllowlistMode.LISTED);
            policy = random.nextBoolean() ? policy.onlyReading() : policy.alsoWriting();
            policy = random.nextInt(5) == 0 ? policy : policy.permissions(List.of(McpPermission.TOOLS_CALL));
        }
        return random.nextInt(8) == 0 ? policy.pause() : policy;
    }
}
