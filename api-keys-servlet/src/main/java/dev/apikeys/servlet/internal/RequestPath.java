package dev.apikeys.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;

/** The path of a request as the container decoded it. */
public final class RequestPath {
    private RequestPath() {}

    /** The path below the context. */
    public static String of(HttpServletRequest request) {
        String below = request.getPathInfo();
        return below == null ? request.getServletPath() : request.getServletPath() + below;
    }
}
