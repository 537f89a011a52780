package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.spi.ApiKeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** A guard that a property asks for is there, or the application doesn't start. */
class MissingPartsTest {
    private static final AutoConfigurations ALL = AutoConfigurations.of(
            ApiKeysAutoConfiguration.class,
            ApiKeysScopesAutoConfiguration.class,
            ApiKeysServletAutoConfiguration.class,
            ApiKeysManagementAutoConfiguration.class,
            ApiKeysMcpAutoConfiguration.class,
            ApiKeysMissingPartsAutoConfiguration.class);

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new)
            .withConfiguration(ALL);

    @ParameterizedTest
    @CsvSource({
        "apikeys.mcp.path=/mcp, api-keys-mcp",
        "apikeys.management.admin.path=/admin/api-keys, api-keys-management"
    })
    void partWhoseModuleIsMissing_endsTheStart(String setting, String module) {
        runner.withClassLoader(new FilteredClassLoader(GuardFilter.class, ManagementServlet.class))
                .withPropertyValues(setting)
                .run(context -> assertThat(description(context.getStartupFailure()))
                        .contains(setting.substring(0, setting.indexOf('=')), "dev.apikeys:" + module));
    }

    @Test
    void guardWithoutSpringSecurity_endsTheStart() {
        runner.withClassLoader(new FilteredClassLoader(HttpSecurity.class))
                .withPropertyValues("apikeys.mcp.path=/mcp")
                .run(context -> assertThat(description(context.getStartupFailure()))
                        .contains("apikeys.mcp.path", "Spring Security"));
    }

    @Test
    void guardThatIsThere_orThatNothingNeeds_endsNothing() {
        runner.withPropertyValues("apikeys.mcp.path=/mcp", "apikeys.management.admin.path=/admin/api-keys")
                .run(context -> assertThat(context).hasBean("apiKeyMcpGuard").hasBean("apiKeyAdminMount"));
        new ApplicationContextRunner()
                .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new)
                .withConfiguration(ALL)
                .withPropertyValues("apikeys.mcp.path=/mcp")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static String description(Throwable failure) {
        FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(failure);
        assertThat(analysis).as("explanation of %s", failure).isNotNull();
        return analysis.getDescription();
    }
}
