package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Tells who is calling, and whether it is an interactive session. It is the only source of owner and actor of a
 * management call. Nothing in a body, query or header can change them.
 *
 * <p>It is asked in every request, after the route was found and API keys were rejected. It is asked again after the
 * check of a password, before the key is issued. It must return the present state, because a session that has ended
 * must not create a key. If it throws, the answer is 500, and the call is not carried out.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface SessionResolver {
    /**
     * Who is calling.
     *
     * @param request the request; read cookies, attributes or the host's own token, but not the body
     * @return never null; {@link Caller#anonymous()} for nobody
     */
    Caller resolve(HttpServletRequest request);
}
