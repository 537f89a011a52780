package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which method is opened by what, and that nothing else is opened by anything. */
class McpMethodTest {
    private static final McpDecision UNKNOWN = new McpDecision.Denied(McpDenial.UNKNOWN_METHOD);

    @ParameterizedTest
    @EnumSource
    void permission_givenAlone_opensItsMethodsAndNoOther(McpPermission permission) {
        McpPolicy policy = McpPolicy.of(McpPreset.CUSTOM)
                .alsoWriting()
                .allowlistMode(McpPolicy.AllowlistMode.ALL)
                .permissions(Set.of(permission));
        Set<String> open = new TreeSet<>(McpOracle.METHODS.keySet());
        open.removeIf(method -> !policy.decide(call(method)).isAllowed());
        Set<String> expected = new TreeSet<>(permission.methods());
        expected.addAll(List.of("initialize", "ping", "server/discover"));
        assertThat(open).isEqualTo(expected);
        assertThat(permission.methods())
                .isNotEmpty()
                .allMatch(method -> McpOracle.METHODS.get(method).equals(permission.toString()));
    }

    @Test
    void permissions_together_openEveryMethodThatNeedsOne() {
        Set<String> opened = new HashSet<>();
        for (McpPermission permission : McpPermission.values()) {
            assertThat(McpPermission.parse(permission.toString())).isSameAs(permission);
            opened.addAll(permission.methods());
        }
        Set<String> guarded = new HashSet<>(McpOracle.METHODS.keySet());
        guarded.removeAll(List.of("initialize", "ping", "server/discover"));
        assertThat(opened).isEqualTo(guarded);
    }

    @ParameterizedTest
    @MethodSource("knownMethods")
    void knownMethod_underFull_isAllowed(String method) {
        assertThat(McpPolicy.of(McpPreset.FULL).decide(call(method)).isAllowed())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("knownMethods")
    void knownMethod_ofAPausedKey_isDenied(String method) {
        assertThat(McpPolicy.of(McpPreset.FULL).pause().decide(call(method)))
                .isEqualTo(new McpDecision.Denied(McpDenial.INACTIVE));
    }

    @ParameterizedTest
    @MethodSource("knownMethods")
    void knownMethod_inAnotherSpelling_isUnknown(String method) {
        char last = method.charAt(method.length() - 1);
        for (String variant : List.of(
                method.toUpperCase(Locale.ROOT),
                Character.toUpperCase(method.charAt(0)) + method.substring(1),
                method + " ",
                " " + method,
                method + "\n",
                method + "\0",
                method + "/",
                "/" + method,
                method + "\u200b",
                "\ufeff" + method,
                method.replace('/', '\u2215') + (method.indexOf('/') < 0 ? "\u2215" : ""),
                method.replace("i", "\u0131").replace("l", "\u04cf") + (method.matches(".*[il].*") ? "" : "\u0301"),
                method.substring(0, method.length() - 1) + (char) (last + 0xFEE0),
                method.substring(0, method.length() - 1),
                method + method)) {
            assertThat(McpPolicy.of(McpPreset.FULL).decide(call(variant)))
                    .as("%s", variant)
                    .isEqualTo(UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tools",
                "tools/",
                "tools/delete",
                "resources/write",
                "notifications",
                "notifications/",
                "Notifications/initialized",
                "rpc.discover",
                "sampling/createMessage",
                "elicitation/create",
                "roots/list"
            })
    void unknownMethod_underFull_isDenied(String method) {
        assertThat(McpPolicy.of(McpPreset.FULL).decide(McpCall.of(method))).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notifications/initialized", "notifications/cancelled", "notifications/not/yet/invented"})
    void notification_underAnyActivePolicyButNone_isAllowed(String method) {
        for (McpPreset preset : EnumSet.complementOf(EnumSet.of(McpPreset.NONE))) {
            assertThat(McpPolicy.of(preset).decide(McpCall.of(method)).isAllowed())
                    .as("%s", preset)
                    .isTrue();
        }
        assertThat(McpPolicy.of(McpPreset.NONE).decide(McpCall.of(method)).isAllowed())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/cancel", "tasks/update"})
    void steeringOfATask_wherePolicyOnlyReads_isDeniedWhateverIsDeclared(String method) {
        McpPolicy policy = McpPolicy.of(McpPreset.FULL).onlyReading();
        assertThat(policy.decide(McpCall.of(method).knownReadOnly()))
                .isEqualTo(new McpDecision.Denied(McpDenial.READ_ONLY));
    }

    @ParameterizedTest
    @MethodSource("knownMethods")
    void knownMethod_withoutAPlaceWhereOnlySomeAreAllowed_passesOnlyIfItCarriesNoData(String method) {
        McpPolicy full = McpPolicy.of(McpPreset.FULL);
        IdAllowlist some = IdAllowlist.of(List.of("here"));
        boolean expected = McpOracle.ANYWHERE.contains(method);
        assertThat(full.projects(some).decide(call(method)).isAllowed()).isEqualTo(expected);
        assertThat(full.instances(some).decide(call(method)).isAllowed()).isEqualTo(expected);
        assertThat(full.projects(some).decide(call(method).inProject("there")))
                .isEqualTo(new McpDecision.Denied(McpDenial.PROJECT_NOT_ALLOWED));
        assertThat(full.instances(some).decide(call(method).onInstance("there")))
                .isEqualTo(new McpDecision.Denied(McpDenial.INSTANCE_NOT_ALLOWED));
        assertThat(full.projects(some).decide(call(method).inProject("here")).isAllowed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mcp:tools:*", "mcp:*", "*", "MCP:TOOLS:CALL", "mcp:tools:call ", "tools:call"})
    void word_thatIsNoPermission_isRefusedAndNamed(String word) {
        assertThatThrownBy(() -> McpPermission.parse(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such MCP permission: \"" + word + "\"");
    }

    static Set<String> knownMethods() {
        return new TreeSet<>(McpOracle.METHODS.keySet());
    }

    private static McpCall call(String method) {
        return new McpCall(method, "anything", McpCall.Effect.UNKNOWN, null, null);
    }
}
