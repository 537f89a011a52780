/**
 * The guard in front of an MCP server.
 *
 * <p>{@link dev.apikeys.mcp.servlet.GuardFilter} is where to begin.
 */
@NullMarked
package dev.apikeys.mcp.servlet;

import org.jspecify.annotations.NullMarked;
