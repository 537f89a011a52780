package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class McpExplanationTest {
    private static final McpPolicy FULL = McpPolicy.of(McpPreset.FULL);
    private static final McpPolicy READING = McpPolicy.of(McpPreset.READ_ONLY);
    private static final McpPolicy LISTING =
            FULL.allowlistMode(McpPolicy.AllowlistMode.LISTED).tools(List.of("get_*", "list"));
    private static final IdAllowlist SOME = IdAllowlist.of(List.of("p1", "p2"));

    @Test
    void explanation_ofADenial_namesTheRule() {
        assertThat(FULL.pause().explain(McpCall.of("ping"))).isEqualTo("Denied: MCP access is paused");
        assertThat(McpPolicy.DEFAULT.explain(McpCall.of("ping"))).isEqualTo("Denied: the preset NONE allows nothing");
        assertThat(FULL.explain(McpCall.of("t\u043eols/call")))
                .isEqualTo("Denied: the method \"t\\u043eols/call\" is unknown");
        assertThat(READING.explain(McpCall.of("tasks/list")))
                .isEqualTo("Denied: tasks/list needs the permission mcp:tasks:list,"
                        + " which the preset READ_ONLY doesn't give");
        assertThat(FULL.permissions(Set.of()).explain(McpCall.tool("a")))
                .isEqualTo("Denied: tools/call needs the permission mcp:tools:call, which the policy doesn't give");
        assertThat(FULL.explain(McpCall.tool(""))).isEqualTo("Denied: tools/call names no tool");
        assertThat(LISTING.explain(McpCall.tool("Get_x")))
                .isEqualTo("Denied: tools/call of \"Get_x\" matches none of 2 entries of the allowlist");
        assertThat(READING.explain(McpCall.tool("drop")))
                .isEqualTo("Denied: the preset READ_ONLY only reads,"
                        + " and tools/call of \"drop\" isn't known to be read-only");
        assertThat(FULL.onlyReading().explain(McpCall.of("tasks/cancel")))
                .isEqualTo("Denied: the policy only reads, and tasks/cancel isn't known to be read-only");
        assertThat(FULL.projects(SOME).explain(McpCall.tool("a").inProject("p3")))
                .isEqualTo("Denied: the project \"p3\" isn't one of 2 allowed");
        assertThat(FULL.instances(SOME).explain(McpCall.tool("a")))
                .isEqualTo("Denied: the call names no instance, and it must be one of 2 allowed");
    }

    @Test
    void explanation_ofAnAllowedCall_namesWhatLetItThrough() {
        assertThat(FULL.explain(McpCall.of("ping"))).isEqualTo("Allowed: \"ping\" needs no permission");
        assertThat(READING.explain(new McpCall("resources/read", "file:///a", McpCall.Effect.UNKNOWN, null, null)))
                .isEqualTo("Allowed: resources/read of \"file:///a\" by the permission mcp:resources:read,"
                        + " which the preset READ_ONLY gives");
        assertThat(READING.explain(McpCall.tool("a").knownReadOnly()))
                .isEqualTo("Allowed: tools/call of \"a\" by the permission mcp:tools:call,"
                        + " which the preset READ_ONLY gives; no allowlist applies; it is declared read-only");
        assertThat(LISTING.explain(McpCall.tool("get_x")))
                .isEqualTo("Allowed: tools/call of \"get_x\" by the permission mcp:tools:call, which the policy gives;"
                        + " it matches the entry \"get_*\"; writing is allowed");
        assertThat(LISTING.explain(McpCall.tool("list"))).contains("it matches the entry \"list\"");
        assertThat(FULL.projects(SOME)
                        .instances(SOME)
                        .explain(new McpCall("prompts/get", "a", McpCall.Effect.UNKNOWN, "p1", "p2")))
                .endsWith("; the project \"p1\" is one of 2 allowed; the instance \"p2\" is one of 2 allowed");
        assertThat(FULL.projects(SOME).explain(McpCall.of("notifications/a\n")))
                .isEqualTo("Allowed: \"notifications/a\\u000a\" needs no permission; it needs no project");
    }
}
