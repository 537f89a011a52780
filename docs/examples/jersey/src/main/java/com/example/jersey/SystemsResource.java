package com.example.jersey;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;

// tag::resource[]
@Path("/systems")
public final class SystemsResource {
    @GET
    @RolesAllowed("read:systems")
    public String list(@Context SecurityContext caller) {
        return "systems of " + caller.getUserPrincipal().getName();
    }

    @DELETE
    @RolesAllowed("manage:systems")
    public void clear() {}
}
// end::resource[]
