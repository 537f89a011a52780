package dev.apikeys.mcp;

import static dev.apikeys.mcp.McpPolicy.AllowlistMode.ALL;
import static dev.apikeys.mcp.McpPolicy.AllowlistMode.LISTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class McpPresetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONE      | true  | LISTED |
            READ_ONLY | true  | ALL    | tools:call resources:read prompts:get completion:complete subscriptions:listen tasks:get
            STANDARD  | false | ALL    | tools:call resources:read prompts:get completion:complete subscriptions:listen tasks:get tasks:update
            FULL      | false | ALL    | tools:call resources:read prompts:get completion:complete subscriptions:listen tasks:get tasks:update tasks:list logging:set-level
            CUSTOM    | true  | LISTED | tools:call resources:read prompts:get completion:complete subscriptions:listen tasks:get tasks:update
            """)
    void preset_eachOne_fixesTheFieldsOfTheTable(
            McpPreset preset, boolean readOnly, McpPolicy.AllowlistMode mode, String permissions) {
        McpPolicy policy = McpPolicy.of(preset);
        assertThat(policy.getPreset()).isEqualTo(preset);
        assertThat(policy.isActive()).isTrue();
        assertThat(policy.isReadOnly()).isEqualTo(readOnly);
        assertThat(policy.getAllowlistMode()).isEqualTo(mode);
        assertThat(policy.getTools()).isEmpty();
        List<String> expected = permissions == null ? List.of() : List.of(permissions.split(" "));
        assertThat(policy.getPermissions().stream().map(McpPermission::toString))
                .containsExactlyElementsOf(expected.stream().map("mcp:"::concat).toList());
        assertThat(policy.getProjects()).isEqualTo(IdAllowlist.EVERY);
        assertThat(policy.getInstances()).isEqualTo(IdAllowlist.EVERY);
    }

    @Test
    void keyThatSaysNothing_isActiveAndAllowsNothing() {
        assertThat(McpPolicy.DEFAULT).isEqualTo(McpPolicy.of(McpPreset.NONE));
        assertThat(McpPolicy.DEFAULT.isActive()).isTrue();
        for (String method : McpOracle.METHODS.keySet()) {
            assertThat(McpPolicy.DEFAULT.decide(McpCall.of(method)))
                    .as(method)
                    .isEqualTo(new McpDecision.Denied(McpDenial.PRESET_NONE));
        }
    }

    @Test
    void customPolicy_withoutPermissions_connectsAndReachesNoData() {
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM).permissions(Set.of());
        Set<String> open = new TreeSet<>(McpOracle.METHODS.keySet());
        open.removeIf(method -> !policy.decide(McpCall.of(method)).isAllowed());
        assertThat(open).containsExactly("initialize", "ping", "server/discover");
    }

    @Test
    void customPolicy_ofWhichOnlyToolsWereSaid_opensThem() {
        for (McpPolicy policy : List.of(
                McpPolicy.of(McpPreset.CUSTOM).tools(List.of("look")),
                McpPolicy.DEFAULT.tools(List.of("look")),
                McpPolicy.DEFAULT.preset(McpPreset.CUSTOM).tools(List.of("look")))) {
            assertThat(policy.getPreset()).isEqualTo(McpPreset.CUSTOM);
            assertThat(policy.decide(McpCall.tool("look").knownReadOnly()).isAllowed())
                    .isTrue();
            assertThat(policy.decide(McpCall.tool("look"))).isEqualTo(new McpDecision.Denied(McpDenial.READ_ONLY));
            assertThat(policy.decide(McpCall.tool("drop").knownReadOnly()).isAllowed())
                    .isFalse();
            assertThat(policy.getPermissions())
                    .isEqualTo(McpPolicy.of(McpPreset.STANDARD).getPermissions());
        }
    }

    @Test
    void permissions_thatWereTakenFromACustomPolicy_stayTakenWhateverElseChanges() {
        McpPolicy none = McpPolicy.DEFAULT.permissions(Set.of());
        assertThat(none.tools(List.of("look"))
                        .preset(McpPreset.CUSTOM)
                        .alsoWriting()
                        .getPermissions())
                .isEmpty();
    }

    @Test
    void presets_inTheirOrder_eachAllowWhatTheOneBeforeDoes() {
        List<McpPreset> order = List.of(McpPreset.NONE, McpPreset.READ_ONLY, McpPreset.STANDARD, McpPreset.FULL);
        for (int i = 0; i < order.size(); i++) {
            for (int j = i; j < order.size(); j++) {
                assertThat(McpPolicy.of(order.get(j)).within(McpPolicy.of(order.get(i))))
                        .isEqualTo(McpPolicy.of(order.get(i)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void preset_whosePlacesOrPauseChange_staysWhatItIs(McpPreset preset) {
        McpPolicy policy = McpPolicy.of(preset)
                .projects(IdAllowlist.of(List.of("p1")))
                .instances(IdAllowlist.of(List.of("i1")))
                .pause();
        assertThat(policy.getPreset()).isEqualTo(preset);
        assertThat(policy.getPermissions()).isEqualTo(McpPolicy.of(preset).getPermissions());
        assertThat(policy.isActive()).isFalse();
        assertThat(policy.resume().projects(IdAllowlist.EVERY).instances(IdAllowlist.EVERY))
                .isEqualTo(McpPolicy.of(preset));
    }

    @ParameterizedTest
    @EnumSource
    void preset_ofWhichAFixedFieldChanges_becomesCustomWithTheOtherFieldsKept(McpPreset preset) {
        McpPolicy before = McpPolicy.of(preset);
        assertThat(List.of(
                        before.onlyReading(),
                        before.alsoWriting(),
                        before.allowlistMode(ALL),
                        before.tools(List.of("a")),
                        before.permissions(Set.of())))
                .allMatch(policy -> policy.getPreset() == McpPreset.CUSTOM);
        McpPolicy after = before.tools(List.of("a"));
        if (preset == McpPreset.NONE) {
            before = McpPolicy.of(McpPreset.CUSTOM);
        }
        assertThat(after.getPermissions()).isEqualTo(before.getPermissions());
        assertThat(after.isReadOnly()).isEqualTo(before.isReadOnly());
        assertThat(after.getAllowlistMode()).isEqualTo(before.getAllowlistMode());
    }

    @Test
    void policy_givenAnotherPreset_takesItsFieldsAndKeepsItsPlaces() {
        IdAllowlist places = IdAllowlist.of(List.of("p1"));
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM)
                .allowlistMode(LISTED)
                .tools(List.of("a"))
                .projects(places)
                .pause();
        assertThat(policy.preset(McpPreset.STANDARD))
                .isEqualTo(McpPolicy.of(McpPreset.STANDARD).projects(places).pause());
    }

    @Test
    void preset_turnedIntoCustom_keepsItsFields() {
        McpPolicy policy = McpPolicy.of(McpPreset.STANDARD).preset(McpPreset.CUSTOM);
        assertThat(policy.getPreset()).isEqualTo(McpPreset.CUSTOM);
        assertThat(policy.getPermissions())
                .isEqualTo(McpPolicy.of(McpPreset.STANDARD).getPermissions());
        assertThat(policy.getAllowlistMode()).isEqualTo(ALL);
    }
}
