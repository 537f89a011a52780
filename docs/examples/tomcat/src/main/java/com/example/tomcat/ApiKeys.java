package com.example.tomcat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.EnumSet;

// tag::listener[]
/** Starts the service with the web application, and stops it with it. */
@WebListener
public final class ApiKeys implements ServletContextListener {
    // In a real application: JdbiApiKeyStore.create(dataSource), with the DataSource from JNDI.
    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).build();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().setAttribute("keys", keys);
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .permitAll("GET", "/health")
                .require("GET", "/systems/**", "read:systems")
                .build();
        FilterRegistration.Dynamic registration = event.getServletContext().addFilter("api-keys", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        keys.close();
    }
}
// end::listener[]
