/**
 * API keys over HTTP, for any Jakarta Servlet container: the filter that lets requests in by their key, the client's
 * address, and rate limits.
 *
 * <p>{@link dev.apikeys.servlet.ApiKeyFilter} is where to begin.
 */
@NullMarked
package dev.apikeys.servlet;

import org.jspecify.annotations.NullMarked;
