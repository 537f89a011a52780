package com.example.jersey;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

// tag::filter[]
/** Authenticates by key; {@code @RolesAllowed("read:systems")} then asks for a scope. */
@Priority(Priorities.AUTHENTICATION)
public final class KeyFilter implements ContainerRequestFilter {
    private final KeyService keys;

    /** Verifies with this service. */
    public KeyFilter(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        try {
            Verification verification = keys.verify(request.getHeaderString("X-API-Key"));
            if (verification instanceof Verification.Accepted accepted) {
                boolean secure = request.getSecurityContext().isSecure();
                request.setSecurityContext(new KeySecurityContext(accepted.principal(), secure));
            } else {
                request.abortWith(Response.status(401)
                        .header("WWW-Authenticate", "Bearer")
                        .build());
            }
        } catch (StoreUnavailableException away) {
            request.abortWith(Response.status(503).header("Retry-After", 1).build());
        }
    }

    private record KeySecurityContext(KeyPrincipal key, boolean secure) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return key;
        }

        @Override
        public boolean isUserInRole(String scope) {
            return key.scopes().allows(scope);
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "API_KEY";
        }
    }
}
// end::filter[]
