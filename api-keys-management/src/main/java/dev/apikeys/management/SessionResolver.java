package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The host's answer to "who is calling, and is it an interactive session?". Owner and actor of every management call
 * come from here and from nowhere else; nothing in a body, query or header can change them.
 *
 * <p>Is asked in every request, after the route is known and after API keys were refused, and once more between the
 * check of a password and the key that it is for; the answer must be that of the moment, because a session that has ended
 * must not mint a key. What it throws becomes a 500, and the call is not carried out.
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
