package com.example.jersey;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

// tag::filter[]
/** Authenticates by key; {@code @RolesAllowed("read:systems")} then asks for a scope. */
@Priority(Priorities.AUTHENTICATION)
public record KeyFilter(KeyService keys) implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        try {
            Verification verification = keys.verify(request.getHeaderString("X-API-Key"));
            if (verification instanceof Verification.Accepted accepted) {
                boolean secure = request.getSecurityContext().isSecure();
                request.setSecurityContext(new Caller(accepted.principal(), secure, "API_KEY"));
            } else {
                request.abortWith(Response.status(401)
                        .header("WWW-Authenticate", "Bearer")
                        .build());
            }
        } catch (StoreUnavailableException | OwnerDirectoryUnavailableException away) {
            request.abortWith(Response.status(503).header("Retry-After", 1).build());
        }
    }

    private record Caller(KeyPrincipal getUserPrincipal, boolean isSecure, String getAuthenticationScheme)
            implements SecurityContext {
        @Override
        public boolean isUserInRole(String scope) {
            return getUserPrincipal.scopes().allows(scope);
        }
    }
}
// end::filter[]
