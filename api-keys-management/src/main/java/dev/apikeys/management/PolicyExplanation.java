package dev.apikeys.management;

import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDenial;
import dev.apikeys.mcp.McpPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy for agents means.
 *
 * @param policy the policy as it would be stored
 * @param toolsKnown whether the calls are about tools of the host, and not about made-up ones
 * @param calls what is decided about tools, and about the other methods
 */
record PolicyExplanation(McpPolicy policy, boolean toolsKnown, List<Decided> calls) {
    /**
     * What is decided about one call.
     *
     * @param call the call, in a project and an instance that the policy names, if it names any
     * @param title the tool for people; null for other methods
     * @param denial the rule that it breaks; null if it is allowed
     * @param explanation the decision in a sentence
     */
    record Decided(
            McpCall call, @Nullable String title, @Nullable McpDenial denial, String explanation) {}
}
