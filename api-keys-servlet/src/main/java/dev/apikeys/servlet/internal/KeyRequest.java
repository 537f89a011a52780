package dev.apikeys.servlet.internal;

import dev.apikeys.KeyPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request with a valid key, as the application sees it: with the key's principal, and with scopes as roles. */
public final class KeyRequest extends HttpServletRequestWrapper {
    /** The value of {@link #getAuthType()}. */
    public static final String AUTH_TYPE = "API_KEY";

    /** The role of every authenticated caller in the servlet specification. */
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
