package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class McpPolicyTest {
    private static final McpPolicy FULL = McpPolicy.of(McpPreset.FULL);

    @Test
    void tool_notKnownToBeReadOnly_countsAsWriting() {
        McpPolicy policy = McpPolicy.of(McpPreset.READ_ONLY);
        assertThat(policy.decide(McpCall.tool("search"))).isEqualTo(new McpDecision.Denied(McpDenial.READ_ONLY));
        assertThat(policy.decide(McpCall.tool("search").knownReadOnly()).isAllowed())
                .isTrue();
    }

    @Test
    void batch_withOneDeniedOfTwenty_isDecidedElementByElement() {
        McpPolicy policy = FULL.allowlistMode(McpPolicy.AllowlistMode.LISTED).tools(List.of("tool_*"));
        List<McpCall> batch = IntStream.range(0, 20)
                .mapToObj(i -> McpCall.tool(i == 7 ? "Tool_7" : "tool_" + i))
                .toList();
        assertThat(batch.stream().filter(call -> !policy.decide(call).isAllowed()))
                .containsExactly(McpCall.tool("Tool_7"));
    }

    @Test
    void decision_askedTwice_isTheSameObject() {
        assertThat(FULL.decide(McpCall.of("ping"))).isSameAs(FULL.decide(McpCall.tool("a")));
        assertThat(FULL.decide(McpCall.of("x"))).isSameAs(FULL.pause().resume().decide(McpCall.of("y")));
    }

    @Test
    void fields_thatAreSet_areReadBackInOrder() {
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM)
                .alsoWriting()
                .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                .tools(List.of("b", "a*", "b"))
                .permissions(List.of(McpPermission.PROMPTS_GET, McpPermission.TOOLS_CALL))
                .projects(IdAllowlist.of(List.of("p2", "p1")))
                .instances(IdAllowlist.of(List.of("i1")));
        assertThat(policy.isReadOnly()).isFalse();
        assertThat(policy.getTools()).containsExactly("a*", "b");
        assertThat(policy.getPermissions()).containsExactly(McpPermission.TOOLS_CALL, McpPermission.PROMPTS_GET);
        assertThat(policy.getProjects().getIds()).containsExactly("p1", "p2");
        assertThat(policy.getInstances().getIds()).containsExactly("i1");
    }

    @Test
    void policy_whoseArgumentsAndViewsAreWrittenTo_doesNotChange() {
        List<String> tools = new ArrayList<>(List.of("a"));
        Set<McpPermission> permissions = EnumSet.of(McpPermission.TOOLS_CALL);
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM).tools(tools).permissions(permissions);
        tools.add("b");
        permissions.add(McpPermission.PROMPTS_GET);
        assertThat(policy.getTools()).containsExactly("a");
        assertThat(policy.getPermissions()).containsExactly(McpPermission.TOOLS_CALL);
        IdAllowlist places = IdAllowlist.of(List.of("p1"));
        for (Set<?> view :
                List.of(policy.getTools(), policy.getPermissions(), FULL.getPermissions(), places.getIds())) {
            assertThatThrownBy(view::clear).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void policies_withEqualFields_areEqual() {
        McpPolicy policy = FULL.tools(List.of("a", "b")).projects(IdAllowlist.of(List.of("p")));
        McpPolicy same = FULL.tools(List.of("b", "a")).projects(IdAllowlist.of(List.of("p", "p")));
        assertThat(policy).isEqualTo(same).hasSameHashCodeAs(same);
    }

    @Test
    void policies_thatDifferInOneField_areNotEqual() {
        McpPolicy policy = FULL.tools(List.of("a", "b")).projects(IdAllowlist.of(List.of("p")));
        List<McpPolicy> different = List.of(
                policy,
                policy.pause(),
                policy.onlyReading(),
                policy.tools(List.of()),
                policy.allowlistMode(McpPolicy.AllowlistMode.LISTED),
                policy.permissions(Set.of()),
                policy.projects(IdAllowlist.EVERY),
                policy.instances(IdAllowlist.of(List.of("i"))),
                FULL,
                FULL.preset(McpPreset.CUSTOM));
        for (int i = 0; i < different.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(different.get(i)).isNotEqualTo(different.get(j));
            }
        }
    }

    @Test
    void policy_asText_tellsTheFieldsAndNoNames() {
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM)
                .tools(List.of("secret_tool"))
                .permissions(Set.of(McpPermission.TOOLS_CALL))
                .projects(IdAllowlist.of(List.of("secret_project")))
                .pause();
        assertThat(policy)
                .hasToString("McpPolicy[paused, CUSTOM, reading, tools: LISTED (1), permissions: [mcp:tools:call],"
                        + " projects: 1, instances: every]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "p\u00e9", "p\n", "p\u200b"})
    void place_ofAnythingButVisibleAscii_isRefused(String id) {
        assertThatThrownBy(() -> IdAllowlist.of(List.of("fine", id)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the id of a project or an instance ")
                .hasMessageMatching("[ -~]+");
    }

    @Test
    void places_upToTheirLimits_areTakenAndMoreRefused() {
        String longest = "p".repeat(IdAllowlist.MAX_ID_LENGTH);
        assertThat(IdAllowlist.of(List.of(longest)).contains(longest)).isTrue();
        assertThatThrownBy(() -> IdAllowlist.of(List.of(longest + "p")))
                .hasMessageStartingWith("the id of a project or an instance has 1 to 128 characters, this one 129");
        assertThat(IdAllowlist.of(ids(IdAllowlist.MAX_IDS)).getIds()).hasSize(256);
        assertThatThrownBy(() -> IdAllowlist.of(ids(IdAllowlist.MAX_IDS + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a policy names at most 256 projects or instances, this one 257");
    }

    @Test
    void places_withoutAnId_areEveryOne() {
        assertThat(IdAllowlist.of(List.of())).isSameAs(IdAllowlist.EVERY);
        assertThat(IdAllowlist.EVERY.contains("anything")).isTrue();
        assertThat(IdAllowlist.EVERY.isEvery()).isTrue();
        assertThat(IdAllowlist.EVERY.isNone()).isFalse();
    }

    @Test
    void ceiling_withOtherProjects_leavesNoneInsteadOfEvery() {
        McpPolicy both =
                FULL.projects(IdAllowlist.of(List.of("a"))).within(FULL.projects(IdAllowlist.of(List.of("b"))));
        assertThat(both.getProjects().isNone()).isTrue();
        assertThat(both.getProjects()).isNotEqualTo(IdAllowlist.EVERY).hasToString("0");
        for (String project : List.of("a", "b", "c")) {
            assertThat(both.decide(McpCall.tool("t").inProject(project)).isAllowed())
                    .isFalse();
        }
        assertThat(both.lists(McpCall.tool("t"))).isFalse();
        assertThat(both.decide(McpCall.of("ping")).isAllowed()).isTrue();
    }

    @Test
    void ceiling_thatListsOtherTools_leavesWhatBothList() {
        McpPolicy listing = FULL.allowlistMode(McpPolicy.AllowlistMode.LISTED);
        McpPolicy key = listing.tools(List.of("get_*", "put_a", "put_b", "list"));
        McpPolicy ceiling = listing.tools(List.of("get_x_*", "g*", "put_*", "other"));
        assertThat(key.within(ceiling).getTools()).containsExactly("get_*", "get_x_*", "put_a", "put_b");
        assertThat(key.within(FULL).getTools()).isEqualTo(key.getTools());
        assertThat(FULL.within(key).getAllowlistMode()).isEqualTo(McpPolicy.AllowlistMode.LISTED);
    }

    @Test
    void ceiling_thatIsNarrowerInOneField_takesThePresetsName() {
        McpPolicy standard = McpPolicy.of(McpPreset.STANDARD);
        assertThat(standard.within(FULL).getPreset()).isEqualTo(McpPreset.STANDARD);
        assertThat(standard.within(FULL.onlyReading()).getPreset()).isEqualTo(McpPreset.CUSTOM);
        assertThat(standard.within(FULL.onlyReading()).isReadOnly()).isTrue();
        assertThat(standard.within(McpPolicy.DEFAULT)).isEqualTo(McpPolicy.DEFAULT);
        assertThat(standard.within(FULL.pause()).isActive()).isFalse();
    }

    @Test
    void call_fromAHostileClient_isHarmlessAsText() {
        McpCall call = new McpCall(
                "tools/call\r\nX: 1", "\u001b[31m\"\u202e\\".repeat(100), McpCall.Effect.UNKNOWN, "p\n", "i\0");
        assertThat(call.toString())
                .startsWith("McpCall[\"tools/call\\u000d\\u000aX: 1\" of \"\\u001b[31m\\\"\\u202e\\\\")
                .matches("[ -~]{1,1000}");
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
    }
}
