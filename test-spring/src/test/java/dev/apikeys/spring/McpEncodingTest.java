package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyOptions;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The guard's own answers to what a server compressed, also where Servlet 6.0 can't remove a header (Tomcat 10.1). */
class McpEncodingTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Agents {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> mcpServlet() {
            return new ServletRegistrationBean<>(new CompressingServer(), "/mcp/*");
        }
    }

    private static final class CompressingServer extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setStatus(503);
            response.setContentType("text/html");
            response.setHeader("Content-Encoding", "gzip");
            response.setHeader("Retry-After", "7");
            response.addHeader("Link", "</a>; rel=a");
            response.addHeader("Link", "</b>; rel=b");
            response.addCookie(new Cookie("seen", "yes"));
            request.getSession();
            response.getOutputStream().write(0x1F);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Servers.Tomcat.class, Servers.Jetty.class})
    void answerOfTheGuard_isNotLabelledAsCompressed_andKeepsTheOtherHeaders(Class<?> container) throws Exception {
        SpringApplication spring = new SpringApplication(Agents.class, container);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.mcp.path", "/mcp"));
        try (ConfigurableApplicationContext application = spring.run()) {
            String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\"}}";
            HttpResponse<String> answer = new Client(
                            application.getEnvironment().getProperty("local.server.port"))
                    .post("/mcp", call, "X-API-Key", token(application), "Content-Type", "application/json");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":");
            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/json");
            assertThat(answer.headers().allValues("Retry-After")).containsExactly("7");
            assertThat(answer.headers().allValues("Link")).containsExactly("</a>; rel=a", "</b>; rel=b");
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .hasSize(2)
                    .anyMatch(cookie -> cookie.startsWith("seen=yes"))
                    .anyMatch(cookie -> cookie.startsWith("JSESSIONID="));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    private static String token(ConfigurableApplicationContext application) {
        return application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1")
                        .named("agent")
                        .mode(Mode.READ)
                        .with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.FULL))))
                .token()
                .reveal();
    }
}
