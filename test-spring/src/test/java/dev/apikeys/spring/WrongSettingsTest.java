package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.management.ScopeCatalogue;
import dev.apikeys.spi.ApiKeyStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What an application says at its start about settings that were mistyped, left empty or put in the wrong place. */
@ExtendWith(OutputCaptureExtension.class)
class WrongSettingsTest {
    private static final String PEPPER = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path directory;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    /** Starts a whole application, with the analysers of Spring Boot beside ours, and ends in a failure. */
    private static void startInVain(String... settings) {
        SpringApplication spring = new SpringApplication(Host.class, Servers.Tomcat.class);
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        Arrays.stream(settings)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> all.put(setting[0], setting[1]));
        spring.setDefaultProperties(all);
        assertThatThrownBy(spring::run).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"apikeys.pepper", "apikeys.old-peppers", "apikeys.old-peppers[0]", "apikeys.old-peppers[1].value"
            })
    void pepperInTheWrongPlace_isNamed_andNotShown(String property, CapturedOutput output) {
        startInVain(property + "=" + PEPPER);

        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START", "a pepper has an id and a value", "apikeys.old-peppers[0].value")
                .doesNotContain(PEPPER);
    }

    @Test
    void chainWithKeys_whereTheyAreSwitchedOff_isExplained(CapturedOutput output) {
        startInVain("apikeys.enabled=false");

        assertThat(output).contains("APPLICATION FAILED TO START", "apikeys.enabled", "leave apiKeys() out");
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ApiKeysAutoConfiguration.class, ApiKeysBootstrapAutoConfiguration.class))
            .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new);

    @ParameterizedTest
    @CsvSource({
        "apikeys.owner-max-age, 5, at least 100ms, 10s",
        "apikeys.lease.grace, 60, at least 1s, 60s",
        "apikeys.lease.poll-interval, 1, at least 10ms, 250ms",
        "apikeys.lease.poll-timeout, 1, at least 10ms, 200ms"
    })
    void durationWithoutUnit_isRefused_andTheUnitIsShown(String property, String value, String least, String instead) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .contains(property, least, "milliseconds", instead));
    }

    @Test
    void scopeThatIsNone_isShown_becauseTheListMayBeLong() {
        runner.withPropertyValues("apikeys.modes.read=read:systems,raed,read:users")
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .contains("apikeys.modes.read", "raed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"apikeys.owner-max-age", "apikeys.lease.grace"})
    void zero_meansSomething(String property) {
        runner.withPropertyValues(property + "=0")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({
        "apikeys.bootstrap.file, ''",
        "apikeys.bootstrap.file, {directory}",
        "apikeys.bootstrap.file, {directory}/nowhere/first-key",
        "apikeys.bootstrap.user, ''",
        "apikeys.bootstrap.organization, ''",
        "apikeys.bootstrap.name, ''"
    })
    void firstKeyThatCantBeMade_isExplained(String property, String value) {
        runner.withPropertyValues(
                        "apikeys.bootstrap.file=" + directory.resolve("first-key"),
                        "apikeys.bootstrap.user=alice",
                        "apikeys.bootstrap.organization=acme",
                        property + "=" + value.replace("{directory}", directory.toString()))
                .run(context -> {
                    FailureAnalysis analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains(property);
                    assertThat(analysis.getAction()).contains(property);
                });
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void firstKey_ofAUserInAnOrganization_isTheirs() {
        runner.withPropertyValues(
                        "apikeys.bootstrap.file=" + directory.resolve("first-key"),
                        "apikeys.bootstrap.user=alice",
                        "apikeys.bootstrap.organization=acme")
                .run(context -> assertThat(context.getBean(KeyService.class).listAll(KeyFilter.everything()))
                        .singleElement()
                        .satisfies(key -> assertThat(key.owner().organization()).isEqualTo("acme"))
                        .satisfies(key -> assertThat(key.owner().user()).isEqualTo("alice")));
    }

    @ParameterizedTest
    @CsvSource({"/a/../b, false", "/a/., false", "/a/.b/c.., true"})
    void pathThatNoRequestHas_isRefused(String path, boolean isGood) {
        if (isGood) {
            assertThat(MountFactory.checked("apikeys.mcp.path", path)).isEqualTo(path);
        } else {
            assertThatThrownBy(() -> MountFactory.checked("apikeys.mcp.path", path))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining(path);
        }
    }

    @Test
    void tenantEndpoints_inWhichNobodyIsInAnOrganization_areNamedInTheLog(CapturedOutput output) {
        WebApplicationContextRunner mounted = new WebApplicationContextRunner()
                .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new)
                .withBean(ScopeCatalogue.class, () -> (caller, owner) -> ScopeCatalogue.Grantable.scopes())
                .withConfiguration(AutoConfigurations.of(
                        ApiKeysAutoConfiguration.class,
                        ApiKeysServletAutoConfiguration.class,
                        ApiKeysManagementAutoConfiguration.class))
                .withPropertyValues("apikeys.management.tenant.path=/api/api-keys");

        mounted.withBean(OrganizationResolver.class, () -> person -> Optional.of("acme"))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("no bean of type OrganizationResolver");

        mounted.run(context -> assertThat(context).hasNotFailed());
        assertThat(output).contains("no bean of type OrganizationResolver", "apikeys.management.tenant.path");
    }

    @ParameterizedTest
    @CsvSource({
        "/mcp, spring.mvc.servlet.path=/api, true",
        "/api/mcp, spring.mvc.servlet.path=/api, false",
        "/apiary/mcp, spring.mvc.servlet.path=/api/, true",
        "/mcp, spring.mvc.servlet.path=/, false",
        "/app/mcp, server.servlet.context-path=/app, true",
        "/mcp, server.servlet.context-path=/app, false",
        "/mcp, server.servlet.context-path=/, false"
    })
    void guardThatMayStandElsewhere_isWarnedOf(String path, String setting, boolean isWarned, CapturedOutput output) {
        new WebApplicationContextRunner()
                .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new)
                .withConfiguration(AutoConfigurations.of(
                        ApiKeysAutoConfiguration.class,
                        ApiKeysServletAutoConfiguration.class,
                        ApiKeysMcpAutoConfiguration.class))
                .withPropertyValues("apikeys.mcp.path=" + path, setting)
                .run(context -> assertThat(context).hasBean(ApiKeysMcpAutoConfiguration.GUARD));

        String warning = setting.replace("=", " is ") + ", and apikeys.mcp.path is " + path;
        assertThat(output.getOut().contains(warning)).isEqualTo(isWarned);
    }

    private static FailureAnalysis analysis(Throwable failure) {
        FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(failure);
        assertThat(analysis).isNotNull();
        return analysis;
    }
}
