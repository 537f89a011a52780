package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names match exactly or not at all. */
class ToolNameTest {
    private static final McpDecision NOT_LISTED = new McpDecision.Denied(McpDenial.TOOL_NOT_LISTED);

    @ParameterizedTest
    @CsvSource({
        "get_invoice, get_invoice, true",
        "get_invoice, get_invoice2, false",
        "get_invoice, get_invoic, false",
        "get_*, get_, true",
        "get_*, get_invoice, true",
        "get_*, get_*, true",
        "get_*, get, false",
        "get_*, Get_invoice, false",
        "get_*, xget_invoice, false",
        "*, anything at all, true",
        "a.b/c-d:e, a.b/c-d:e, true",
        "get, get*, false"
    })
    void tool_againstAnEntry_matchesAsTheTableSays(String entry, String tool, boolean expected) {
        McpPolicy policy = listing(entry);
        assertThat(policy.decide(McpCall.tool(tool)).isAllowed()).isEqualTo(expected);
        assertThat(policy.lists(McpCall.tool(tool))).isEqualTo(expected);
    }

    @Test
    void tool_inAnyOtherSpelling_isNotTheListedOne() {
        String listed = "delete_file";
        McpPolicy policy = listing(listed, "admin_files");
        assertThat(policy.decide(McpCall.tool(listed)).isAllowed()).isTrue();
        for (String variant : List.of(
                "Delete_file",
                listed.toUpperCase(Locale.ROOT),
                "delete_f\u0131le", // dotless i
                "delete_F\u0130LE".toLowerCase(Locale.ROOT),
                "d\u0435lete_file", // Cyrillic
                "delete\uff3ffile", // full width
                "\uff44\uff45\uff4c\uff45\uff54\uff45_file",
                "delete_\ufb01le", // ligature, which NFKC would undo
                "delete_file\u0301",
                "delete_file\u200b",
                "\u200bdelete_file",
                "delete\u00ad_file",
                "\ufeffdelete_file",
                "delete_file\ufe0f",
                "\u202edelete_file",
                "delete_file ",
                " delete_file",
                "delete_file\t",
                "delete_file\n",
                "delete_file\0",
                "delete_file\u00a0",
                "delete_file*",
                "*",
                "delete_*",
                "delete_file/../admin_files",
                "delete%5ffile",
                "\ud83ddelete_file")) {
            assertThat(policy.decide(McpCall.tool(variant))).as(variant).isEqualTo(NOT_LISTED);
            assertThat(policy.lists(McpCall.tool(variant))).as(variant).isFalse();
        }
    }

    @Test
    void tool_behindAPrefix_isNotNormalizedIntoIt() {
        McpPolicy policy = listing("cafe*");
        String decomposed = Normalizer.normalize("caf\u00e9_open", Normalizer.Form.NFD);
        assertThat(policy.decide(McpCall.tool(decomposed)).isAllowed())
                .as("begins with the four letters, so it matches, like every name that does")
                .isTrue();
        assertThat(policy.decide(McpCall.tool(Normalizer.normalize(decomposed, Normalizer.Form.NFC))))
                .isEqualTo(NOT_LISTED);
    }

    @Test
    void tool_withoutAName_isDeniedUnderEveryMode() {
        for (McpPolicy policy : List.of(McpPolicy.of(McpPreset.FULL), listing("*"))) {
            for (McpCall call : List.of(McpCall.tool(""), McpCall.tool(null), McpCall.of("tools/call"))) {
                assertThat(policy.decide(call)).isEqualTo(new McpDecision.Denied(McpDenial.NAME_MISSING));
                assertThat(policy.lists(call)).isFalse();
            }
        }
    }

    @Test
    void list_ofOverlappingPrefixes_matchesLikeEachOfThemAlone() {
        List<String> entries = List.of("a*", "ab*", "abc", "b", "b_*", "ba*", "bab*", "c~*", "c!");
        McpPolicy policy = listing(entries.toArray(String[]::new));
        List<String> names = new ArrayList<>(List.of("c", "c!", "c~", "c~~", "c}"));
        for (char first = 'a'; first <= 'd'; first++) {
            for (char second = 'a'; second <= 'd'; second++) {
                names.addAll(List.of("" + first, "" + first + second, first + "_" + second, first + "a" + second));
            }
        }
        for (String name : names) {
            boolean expected = entries.stream().anyMatch(entry -> McpOracle.matches(entry, name));
            assertThat(policy.decide(McpCall.tool(name)).isAllowed()).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a*b",
                "*a",
                "**",
                "a**",
                "d\u0435lete",
                "caf\u00e9",
                "a b",
                "a ",
                " a",
                "a\n",
                "a\u200b",
                "\ud83d"
            })
    void entry_withAStarInsideOrAnythingButVisibleAscii_isRefusedAndNamedInAscii(String entry) {
        assertThatThrownBy(() -> McpPolicy.DEFAULT.tools(List.of("fine", entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tool allowlist")
                .hasMessageContaining(entry.charAt(0) < 128 ? "\"" + entry.charAt(0) : "\"\\u")
                .hasMessageMatching("[ -~]+");
    }

    @Test
    void entry_ofTheGreatestLength_isTakenAndALongerOneRefused() {
        String longest = "x".repeat(McpPolicy.MAX_TOOL_NAME_LENGTH);
        assertThat(listing(longest).decide(McpCall.tool(longest)).isAllowed()).isTrue();
        assertThatThrownBy(() -> listing(longest + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "an entry of a tool allowlist has 1 to 128 characters, this one 129: \"" + longest + "\"...");
        assertThatThrownBy(() -> listing(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an entry of a tool allowlist has 1 to 128 characters, this one 0: \"\"");
    }

    @Test
    void list_ofTheGreatestSize_isTakenAndALongerOneRefused() {
        List<String> most = names(McpPolicy.MAX_TOOLS);
        assertThat(McpPolicy.DEFAULT.tools(most).getTools()).hasSize(256);
        List<String> twice = new ArrayList<>(most);
        twice.addAll(most);
        assertThat(McpPolicy.DEFAULT.tools(twice).getTools())
                .as("an entry counts once")
                .hasSize(256);
        assertThatThrownBy(() -> McpPolicy.DEFAULT.tools(names(McpPolicy.MAX_TOOLS + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tool allowlist has at most 256 entries, this one 257");
    }

    @Test
    void list_underModeAll_countsForNothingAndIsKept() {
        McpPolicy policy = listing("a").allowlistMode(McpPolicy.AllowlistMode.ALL);
        assertThat(policy.decide(McpCall.tool("b")).isAllowed()).isTrue();
        assertThat(policy.getTools()).containsExactly("a");
        assertThat(policy.allowlistMode(McpPolicy.AllowlistMode.LISTED)).isEqualTo(listing("a"));
    }

    @Test
    void list_ofResourcesAndPrompts_isNoneOfTheToolsBusiness() {
        McpPolicy policy = listing("a");
        assertThat(policy.decide(new McpCall("resources/read", "file:///b", McpCall.Effect.UNKNOWN, null, null))
                        .isAllowed())
                .isTrue();
        assertThat(policy.decide(new McpCall("prompts/get", "b", McpCall.Effect.UNKNOWN, null, null))
                        .isAllowed())
                .isTrue();
    }

    private static McpPolicy listing(String... entries) {
        return McpPolicy.of(McpPreset.FULL)
                .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                .tools(List.of(entries));
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "tool_" + i).toList();
    }
}
