/**
 * API keys over HTTP, for any Jakarta Servlet container: the filter that checks keys, the client's address, and rate
 * limits.
 *
 * <p>{@link dev.apikeys.servlet.ApiKeyFilter} is where to begin.
 */
@NullMarked
package dev.apikeys.servlet;

import org.jspecify.annotations.NullMarked;
