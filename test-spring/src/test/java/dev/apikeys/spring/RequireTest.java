package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static dev.apikeys.spring.test.MockMvcApiKey.apiKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import dev.apikeys.spring.test.AutoConfigureApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Rules about requests that the configurer of keys adds to a chain. */
class RequireTest {
    private static final int LET_IN = 404;

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withUserConfiguration(OneRule.class);

    @Configuration(proxyBeanMethods = false)
    @AutoConfigureApiKeys
    @EnableWebMvc
    @EnableWebSecurity
    static class OneRule {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, @Value("${method}") String method) throws Exception {
            return http.with(apiKeys(), keys -> keys.require(method, "/systems/**", "read:systems"))
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    private static int status(WebApplicationContext application, MockHttpServletRequestBuilder request)
            throws Exception {
        MockMvc mvc = MockMvcBuilders.webAppContextSetup(application)
                .apply(springSecurity())
                .build();
        return mvc.perform(request).andReturn().getResponse().getStatus();
    }

    @Test
    void ruleForGet_isForHeadToo() {
        runner.withPropertyValues("method=GET").run(context -> {
            assertThat(status(context, get("/systems/crm").with(apiKey().scopes("read:orders"))))
                    .isEqualTo(403);
            assertThat(status(context, head("/systems/crm").with(apiKey().scopes("read:orders"))))
                    .isEqualTo(403);
            assertThat(status(context, head("/systems/crm").with(apiKey().scopes("read:systems"))))
                    .isEqualTo(LET_IN);
            assertThat(status(context, post("/systems/crm").with(apiKey().scopes("read:orders"))))
                    .isEqualTo(LET_IN);
        });
    }

    @Test
    void ruleForEveryMethod_isForEach() {
        runner.withPropertyValues("method=*").run(context -> {
            assertThat(status(context, head("/systems/crm").with(apiKey().scopes("read:orders"))))
                    .isEqualTo(403);
            assertThat(status(context, post("/systems/crm").with(apiKey().scopes("read:orders"))))
                    .isEqualTo(403);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Post", "", "GE T", "HEAD"})
    void methodThatNoRequestHas_isRefused(String method) {
        runner.withPropertyValues("method=" + method)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(method));
    }
}
