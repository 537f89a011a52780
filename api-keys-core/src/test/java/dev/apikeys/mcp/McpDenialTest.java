package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a denial says. */
class McpDenialTest {
    @ParameterizedTest
    @EnumSource
    void denial_forAMissingPermission_namesIt(McpPermission permission) {
        Set<McpPermission> others = EnumSet.complementOf(EnumSet.of(permission));
        McpPolicy policy = McpPolicy.of(McpPreset.FULL).permissions(others);
        for (McpMethod method : McpMethod.values()) {
            if (method.needs() == permission) {
                assertThat(policy.decide(McpCall.of(method.toString())))
                        .isEqualTo(new McpDecision.Denied(McpDenial.PERMISSION_MISSING, permission));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void denial_namesAPermissionExactlyWhereOneIsMissing(McpDenial reason) {
        boolean missing = reason == McpDenial.PERMISSION_MISSING;
        assertThatThrownBy(() -> new McpDecision.Denied(reason, missing ? null : McpPermission.TOOLS_CALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason.name());
    }
}
