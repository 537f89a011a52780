package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.Owner;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server says of its tools counts for the owner to whom it said so. */
class ToolHintsTest {
    @ParameterizedTest
    @EnumSource(Container.class)
    void hint_thatOneTenantSaw_isNotAppliedToAnothersToolOfTheSameName(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey one = world.issue("org_1", McpPolicy.of(McpPreset.READ_ONLY));
            IssuedKey two = world.issue("org_2", McpPolicy.of(McpPreset.READ_ONLY));
            IssuedKey alsoOne = world.issue("org_1", McpPolicy.of(McpPreset.READ_ONLY));
            world.mcp.answers(ScriptedServer.json(toolList(1, "report?")));
            world.post(one, request(1, "tools/list", "{}"));
            world.mcp.reset();

            assertThat(world.post(two, call(1, "report")).body()).contains("\"read_only\"");
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.call("GET", "/mcp/self", two, "").body()).endsWith("\"tools\":[]}");
            assertThat(world.post(alsoOne, call(1, "report")).body()).contains("\"result\"");

            world.mcp.answers(ScriptedServer.json(toolList(1, "report")));
            world.post(two, request(1, "tools/list", "{}"));
            world.mcp.reset();
            assertThat(world.post(one, call(1, "report")).body()).contains("\"result\"");
        }
    }

    @Test
    void hints_areBoundedPerOwnerAndInAll_andWhatFindsNoPlaceCountsAsWriting() {
        ToolHints hints = new ToolHints();
        Owner first = Owner.organization("first");
        for (int tool = 0; tool < 3_000; tool++) {
            hints.listed(first, "t" + tool, true);
        }
        assertThat(hints.of(first)).hasSize(2_000);
        assertThat(hints.isReadOnly(first, "t2999")).isFalse();
        for (int owner = 0; owner < 100; owner++) {
            for (int tool = 0; tool < 1_000; tool++) {
                hints.listed(Owner.organization("o" + owner), "t" + tool, true);
            }
            assertThat(hints.isReadOnly(first, "t1")).isTrue();
        }
        assertThat(hints.size()).isLessThanOrEqualTo(50_000);
        assertThat(hints.isReadOnly(Owner.organization("o0"), "t1")).isFalse();
        assertThat(hints.isReadOnly(Owner.organization("o99"), "t1")).isTrue();
    }
}
