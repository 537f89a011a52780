package dev.apikeys.servlet.internal;

import dev.apikeys.KeyPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** The request as an application sees it that was let in by a key: the key's principal, and scopes for roles. */
public final class KeyRequest extends HttpServletRequestWrapper {
    /** What {@link #getAuthType()} says. */
    public static final String AUTH_TYPE = "API_KEY";

    /** What the servlet specification calls the role of everybody who is authenticated. */
    private static final String ANY_AUTHENTICATED = "**";

    private final KeyPrincipal principal;

    /** The request with this principal. */
    public KeyRequest(HttpServletRequest request, KeyPrincipal principal) {
        super(request);
        this.principal = principal;
    }

    @Override
    public KeyPrincipal getUserPrincipal() {
        return principal;
    }

    @Override
    public String getRemoteUser() {
        return principal.getName();
    }

    @Override
    public String getAuthType() {
        return AUTH_TYPE;
    }

    @Override
    public boolean isUserInRole(@Nullable String role) {
        return role != null
                && (role.equals(ANY_AUTHENTICATED) || principal.scopes().allows(role));
    }
}
