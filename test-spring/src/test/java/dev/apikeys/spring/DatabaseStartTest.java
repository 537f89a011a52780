package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.ClassUtils;

/** Who makes the tables, with which rights, and how large the pool has to be. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseStartTest {
    private static final String WHERE = "classpath:dev/apikeys/jdbi/schema/";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Program {}

    private static ConfigurableApplicationContext run(Databases database, String... settings) {
        return run(database.url(), database.user(), settings);
    }

    private static ConfigurableApplicationContext run(String url, String user, String... settings) {
        SpringApplication spring = new SpringApplication(Program.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setDefaultProperties(Map.of(
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", url,
                "spring.datasource.username", user));
        return spring.run(settings);
    }

    private static void issueAndVerify(ConfigurableApplicationContext application) {
        KeyService keys = application.getBean(KeyService.class);
        IssuedKey key = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
        assertThat(keys.verify(key.token().reveal()).orElseThrow().getName()).isEqualTo("alice");
    }

    private static FailureAnalysis failure(String url, String user, String... settings) {
        Throwable failure = catchThrowable(() -> run(url, user, settings).close());
        assertThat(failure).isNotNull();
        FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(failure);
        assertThat(analysis).as("explanation of %s", failure).isNotNull();
        return analysis;
    }

    @Test
    void tablesOfFlyway_areThere_whenTheStoreIsMade() {
        try (ConfigurableApplicationContext application = run(
                Databases.H2,
                "--spring.flyway.enabled=true",
                "--spring.flyway.locations=" + WHERE + "{vendor}",
                "--apikeys.store.schema=expect")) {
            issueAndVerify(application);
        }
    }

    @Test
    void tablesOfLiquibase_areThere_whenTheStoreIsMade() {
        // The module of Spring Boot 4.0.8 for it is not in the registry.
        assumeThat(ClassUtils.isPresent("liquibase.integration.spring.SpringLiquibase", null))
                .as("Liquibase is on the class path")
                .isTrue();
        try (ConfigurableApplicationContext application = run(
                Databases.H2,
                "--spring.liquibase.enabled=true",
                "--spring.liquibase.change-log=classpath:liquibase.xml",
                "--apikeys.store.schema=expect")) {
            issueAndVerify(application);
        }
    }

    @Test
    void tablesOfAScript_areThere_whenTheStoreIsMade() {
        try (ConfigurableApplicationContext application = run(
                Databases.H2,
                "--spring.sql.init.schema-locations=" + WHERE + "h2/V1__api_keys.sql," + WHERE
                        + "h2/V2__metadata_and_notices.sql",
                "--apikeys.store.schema=expect")) {
            issueAndVerify(application);
        }
    }

    @Test
    void userWithoutRights_isToldWhichOnesAreMissing() {
        String url = Databases.POSTGRESQL.url();
        JdbcTemplate sql = new JdbcTemplate(new DriverManagerDataSource(url, Databases.POSTGRESQL.user(), ""));
        String name = "poor_" + UUID.randomUUID().toString().replace("-", "");
        sql.execute("CREATE USER " + name);

        FailureAnalysis noTables = failure(url, name);
        run(url, Databases.POSTGRESQL.user()).close();
        FailureAnalysis noGrant = failure(url, name);
        sql.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + name);
        try (ConfigurableApplicationContext granted = run(url, name)) {
            issueAndVerify(granted);
        }

        assertThat(noTables.getDescription()).contains("could not be created", "who may create tables", "V1__api_keys");
        assertThat(noGrant.getDescription()).contains("may not", "api_key", "grant");
        assertThat(noGrant.getAction()).contains("apikeys.store.schema");
    }

    @Test
    void poolThatIsTooSmall_isWarnedAboutWithTheNumber(CapturedOutput output) {
        run(Databases.H2, "--spring.datasource.hikari.maximum-pool-size=2", "--spring.datasource.hikari.pool-name=tiny")
                .close();
        run(Databases.H2, "--spring.datasource.hikari.maximum-pool-size=3", "--apikeys.store.feed=pool")
                .close();

        assertThat(output)
                .contains("The connection pool tiny may have 2 connection(s), and API keys alone may use 3 at once")
                .contains("spring.datasource.hikari.maximum-pool-size to 3,")
                .contains("may have 3 connection(s), and API keys alone may use 4 at once");
    }

    @Test
    void poolOfItsOwnSize_isEnough(CapturedOutput output) {
        try (ConfigurableApplicationContext application = run(Databases.H2)) {
            issueAndVerify(application);
            assertThat(application.getBean(HikariDataSource.class).getMaximumPoolSize())
                    .isGreaterThan(3);
        }
        assertThat(output).doesNotContain("The connection pool");
    }

    /** Versions of HikariCP differ in where they keep their user and password. */
    @Test
    void poolOfThisBoot_isUnderstood(CapturedOutput output) {
        for (String feed : List.of("own-connection", "pool")) {
            try (ConfigurableApplicationContext application =
                    run(Databases.H2, "--apikeys.store.feed=" + feed)) {
                issueAndVerify(application);
                assertThat(application.getBean(KeyService.class).stats().failedPolls())
                        .isZero();
            }
        }
        assertThat(output).doesNotContain("can't be opened");
    }
}
