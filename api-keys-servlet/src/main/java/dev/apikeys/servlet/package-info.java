/**
 * API keys over HTTP, for any Jakarta Servlet container: the filter that lets requests in, and the endpoints with which
 * people manage their keys.
 *
 * <p>{@link dev.apikeys.servlet.ApiKeyFilter} is where to begin.
 */
@NullMarked
package dev.apikeys.servlet;

import org.jspecify.annotations.NullMarked;
