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
    /** The attribute of the servlet context that holds the service. */
    static final String SERVICE = "keys";

    @Override
    public void contextInitialized(ServletContextEvent event) {
        // In a real application: JdbiApiKeyStore.create(dataSource), with the DataSource from JNDI.
        KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
        event.getServletContext().setAttribute(SERVICE, keys);
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
        if (event.getServletContext().getAttribute(SERVICE) instanceof KeyService keys) {
            keys.close();
        }
    }
}
// end::listener[]
