package dev.apikeys.servlet;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The host's answer to "who is calling, and is it an interactive session?". Owner and actor of every management call
 * come from here and from nowhere else; nothing in a body, query or header can change them.
 *
 * <p>Is asked once per request, after the route is known and after API keys were refused, and never caches: a session
 * that ended a moment ago must not mint a key. What it throws becomes a 500; the call is not carried out.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface SessionResolver {
    /**
     * Who is calling.
     *
     * @param request to read cookies, attributes or the host's own token from; not its body
     * @return never null; {@link Caller#anonymous()} for nobody
     */
    Caller resolve(HttpServletRequest request);
}
