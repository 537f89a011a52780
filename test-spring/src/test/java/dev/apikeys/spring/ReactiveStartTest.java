package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** What an application on WebFlux can set. */
class ReactiveStartTest {
    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ApiKeysScopesAutoConfiguration.class, ApiKeysReactiveAutoConfiguration.class))
            .withBean(KeyService.class, () -> KeyService.builder(new InMemoryApiKeyStore())
                    .build());

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
}
