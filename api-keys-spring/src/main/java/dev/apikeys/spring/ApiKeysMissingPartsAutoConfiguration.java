package dev.apikeys.spring;

import java.util.List;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Ends the start where a property asks for a guard or endpoints that can't be there: in WebFlux, or without a dependency.
 * Otherwise an MCP server would be open that its operator takes for guarded.
 */
@AutoConfiguration(after = {ApiKeysMcpAutoConfiguration.class, ApiKeysManagementAutoConfiguration.class})
@ConditionalOnWebApplication
@ConditionalOnProperty(prefix = "apikeys", name = "enabled", havingValue = "true", matchIfMissing = true)
public class ApiKeysMissingPartsAutoConfiguration {
    private static final String MANAGEMENT = "apikeys.management.";

    /** Asks before any bean is made. */
    @Bean
    static BeanFactoryPostProcessor apiKeyMissingParts(Environment settings) {
        return beans -> {
            if (!beans.containsBean(ApiKeysMcpAutoConfiguration.GUARD)) {
                refuse(settings, "apikeys.mcp.path", "no guard, and agents could call everything", "api-keys-mcp");
            }
            if (!beans.containsBean(ApiKeysManagementAutoConfiguration.MOUNTS)) {
                for (String family : List.of("personal", "workspace", "tenant", "admin")) {
                    refuse(settings, MANAGEMENT + family + ".path", "no management endpoint", "api-keys-management");
                }
                refuse(settings, MANAGEMENT + "step-up", "no management endpoint", "api-keys-management");
            }
        };
    }

    private static void refuse(Environment settings, String property, String lack, String module) {
        String value = settings.getProperty(property);
        if (StringUtils.hasLength(value) && !value.equalsIgnoreCase("false")) {
            throw new InvalidSettingException(
                    property,
                    "there is " + lack
                            + ". It needs a KeyService, a servlet container, Spring Security and dev.apikeys:" + module
                            + ". In WebFlux, remove the property; apikeys.enabled=false switches everything off");
        }
    }
}
