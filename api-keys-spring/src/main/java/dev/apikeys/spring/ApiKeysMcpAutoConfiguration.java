package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.mcp.servlet.CallClassifier;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.servlet.ClientAddress;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Puts the guard for agents in front of an MCP server. The key comes from the filter chain with {@code apiKeys()}. */
@AutoConfiguration(after = ApiKeysServletAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(GuardFilter.class)
@ConditionalOnBean({KeyService.class, ClientAddress.class})
@ConditionalOnProperty("apikeys.mcp.path")
@EnableConfigurationProperties(McpProperties.class)
public class ApiKeysMcpAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeysMcpAutoConfiguration.class);

    /** Behind Spring Security, which stands at -100. */
    private static final int ORDER = 0;

    /** The name of the bean, by which it is known whether there is a guard. */
    static final String GUARD = "apiKeyMcpGuard";

    @Bean(GUARD)
    FilterRegistrationBean<GuardFilter> apiKeyMcpGuard(
            KeyService keys,
            ClientAddress address,
            McpProperties mcp,
            ObjectProvider<CallClassifier> classifier,
            Environment settings) {
        String path = MountFactory.checked("apikeys.mcp.path", String.valueOf(mcp.path()));
        warnIfElsewhere(path, settings);
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

    /** A guard at another path than the server lets everything through. */
    private static void warnIfElsewhere(String path, Environment settings) {
        String servlet = settings.getProperty("spring.mvc.servlet.path", "/");
        if (!isBelow(path, servlet)) {
            LOG.warn(
                    "spring.mvc.servlet.path is {}, and apikeys.mcp.path is {}: no controller is there. If the MCP server is one,"
                            + " nothing guards it; set apikeys.mcp.path={}{}",
                    servlet,
                    path,
                    withoutSlash(servlet),
                    path);
        }
        String context = withoutSlash(settings.getProperty("server.servlet.context-path", "/"));
        if (!context.isEmpty() && isBelow(path, context)) {
            LOG.warn(
                    "server.servlet.context-path is {}, and apikeys.mcp.path is {}: the guard stands at {}{}. If the MCP server"
                            + " isn't there, nothing guards it; set apikeys.mcp.path without the context path",
                    context,
                    path,
                    context,
                    path);
        }
    }

    private static boolean isBelow(String path, String above) {
        return (path + "/").startsWith(withoutSlash(above) + "/");
    }

    private static String withoutSlash(String path) {
        return StringUtils.trimTrailingCharacter(path, '/');
    }
}
