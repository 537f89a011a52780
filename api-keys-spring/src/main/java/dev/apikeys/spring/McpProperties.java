package dev.apikeys.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The guard in front of an MCP server. It is there once it has a path.
 *
 * <p>Immutable and thread-safe.
 *
 * @param path where the MCP server is, for example /mcp, without the context path and with spring.mvc.servlet.path where the
 *     server is a controller; below it, self tells a key what it may reach
 */
@ConfigurationProperties("apikeys.mcp")
public record McpProperties(@Nullable String path) {}
