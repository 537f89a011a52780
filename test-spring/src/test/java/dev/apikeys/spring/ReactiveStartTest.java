package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateQuota;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** What an application on WebFlux can set. */
class ReactiveStartTest {
    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ApiKeysScopesAutoConfiguration.class,
                    ApiKeysReactiveAutoConfiguration.class,
                    ApiKeysMissingPartsAutoConfiguration.class))
            .withBean(
                    KeyService.class,
                    () -> KeyService.builder(new InMemoryApiKeyStore()).build());

    @Test
    void queryParameter_ofABadName_isNamed() {
        runner.withPropertyValues("apikeys.request.query-parameter=a b").run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("apikeys.request.query-parameter");
        });
    }

    @Test
    void rateLimit_whichIsNotThere_isNotIgnored() {
        runner.withPropertyValues("apikeys.request.rate-limit.requests=5").run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("apikeys.request.rate-limit");
        });
    }

    @Test
    void rateLimitOfTheApplication_isNotIgnored() {
        RateLimit none = key ->
                new RateLimit.Decision.Refused(new RateQuota(1, Duration.ofSeconds(1), 1), Duration.ofSeconds(7));
        runner.withBean("mine", RateLimit.class, () -> none).run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("apikeys.request.rate-limit", "the bean mine");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apikeys.mcp.path=/mcp",
                "apikeys.management.personal.path=/me/api-keys",
                "apikeys.management.workspace.path=/workspaces/api-keys",
                "apikeys.management.tenant.path=/api/api-keys",
                "apikeys.management.admin.path=/admin/api-keys",
                "apikeys.management.step-up=true"
            })
    void partThatIsForServletsOnly_isNotIgnored(String setting) {
        runner.withPropertyValues(setting).run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains(setting.substring(0, setting.indexOf('=')), "WebFlux");
        });
    }

    @Test
    void partThatIsSwitchedOff_isNotMissed() {
        runner.withPropertyValues("apikeys.management.step-up=false")
                .run(context -> assertThat(context).hasSingleBean(ReactiveApiKeys.class));
        runner.withPropertyValues("apikeys.enabled=false", "apikeys.mcp.path=/mcp")
                .run(context -> assertThat(context).hasNotFailed());
    }
}
