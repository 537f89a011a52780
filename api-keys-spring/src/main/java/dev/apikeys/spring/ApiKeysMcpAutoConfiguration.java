package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.mcp.servlet.CallClassifier;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.servlet.ClientAddress;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Puts the guard for agents in front of an MCP server. The key comes from the filter chain with {@code apiKeys()}. */
@AutoConfiguration(after = ApiKeysServletAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(GuardFilter.class)
@ConditionalOnBean({KeyService.class, ClientAddress.class})
@ConditionalOnProperty("apikeys.mcp.path")
@EnableConfigurationProperties(McpProperties.class)
public class ApiKeysMcpAutoConfiguration {
    /** Behind Spring Security, which stands at -100. */
    private static final int ORDER = 0;

    /** The name of the bean, by which it is known whether there is a guard. */
    static final String GUARD = "apiKeyMcpGuard";

    @Bean(GUARD)
    FilterRegistrationBean<GuardFilter> apiKeyMcpGuard(
            KeyService keys, ClientAddress address, McpProperties mcp, ObjectProvider<CallClassifier> classifier) {
        String path = MountFactory.checked("apikeys.mcp.path", String.valueOf(mcp.path()));
        var guard = GuardFilter.builder(keys).clientAddress(address).selfPath(path + "/self");
        // Of several, none may be left out silently: without it, a guard takes no call for one of a project.
        classifier.ifAvailable(guard::classifier);
        FilterRegistrationBean<GuardFilter> registration = new FilterRegistrationBean<>(guard.build());
        registration.setName(GUARD);
        registration.addUrlPatterns(path, path + "/*");
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setOrder(ORDER);
        return registration;
    }
}
