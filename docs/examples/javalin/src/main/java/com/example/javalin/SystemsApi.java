package com.example.javalin;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;

/** An API on Javalin, behind the filter. */
public final class SystemsApi {
    private SystemsApi() {}

    // tag::javalin[]
    /** The API, not started yet. */
    public static Javalin create(KeyService keys) {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .permitAll("GET", "/health")
                .require("GET", "/systems/**", "read:systems")
                .build();
        return Javalin.create(config -> {
            config.jetty.modifyServletContextHandler(context -> {
                FilterHolder holder = new FilterHolder(filter);
                holder.setAsyncSupported(true);
                context.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
            });
            config.routes.get(
                    "/systems", call -> call.result("systems of " + call.req().getRemoteUser()));
        });
    }
    // end::javalin[]
}
