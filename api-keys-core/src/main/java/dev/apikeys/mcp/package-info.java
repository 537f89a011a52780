/**
 * What an agent may do with a key over the Model Context Protocol. The decision is one pure function without I/O, for
 * every version and transport of the protocol.
 *
 * <pre>{@code
 * McpPolicy policy = McpPolicy.of(McpPreset.STANDARD).tools(List.of("search_*", "get_invoice"));
 * McpDecision decision = policy.within(organizationCeiling).decide(McpCall.tool("search_orders"));
 * }</pre>
 *
 * <p>{@link dev.apikeys.mcp.McpPolicy#decide} decides about a call, {@link dev.apikeys.mcp.McpPolicy#lists} filters a
 * list by the same rules, and {@link dev.apikeys.mcp.McpPolicy#explain} tells people which rule decided.
 */
@NullMarked
package dev.apikeys.mcp;

import org.jspecify.annotations.NullMarked;
