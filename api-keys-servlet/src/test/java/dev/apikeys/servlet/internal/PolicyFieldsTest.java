package dev.apikeys.servlet.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFieldsTest {
    @ParameterizedTest
    @CsvSource({"none, NONE", "read_only, READ_ONLY", "standard, STANDARD", "full, FULL", "custom, CUSTOM"})
    void preset_isSpelledAsInTheContract(String word, McpPreset preset) {
        assertThat(PolicyFields.preset(word)).isEqualTo(preset);
        assertThat(PolicyFields.of(McpPolicy.of(preset))).containsEntry("mcpPreset", word);
    }

    @ParameterizedTest
    @CsvSource({"all, ALL", "listed, LISTED"})
    void allowlistMode_isSpelledAsInTheContract(String word, McpPolicy.AllowlistMode mode) {
        McpPolicy policy = McpPolicy.DEFAULT.allowlistMode(mode);

        assertThat(PolicyFields.allowlistMode(word)).isEqualTo(mode);
        assertThat(PolicyFields.of(policy)).containsEntry("mcpAllowlistMode", word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "READ_ONLY", "read-only", "read_only ", "standart", "cust\u0131m", "ALL", "listed\u200b"})
    void otherSpelling_isNoWord(String word) {
        assertThatThrownBy(() -> PolicyFields.preset(word)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PolicyFields.allowlistMode(word)).isInstanceOf(IllegalArgumentException.class);
    }
}
