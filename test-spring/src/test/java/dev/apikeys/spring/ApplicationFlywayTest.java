package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The two ways of the guide beside the migrations of an application, which Spring Boot runs at its start. */
class ApplicationFlywayTest {
    private final String url = Databases.H2.url();
    private final Map<String, Object> properties = new HashMap<>();

    @TempDir
    private Path migrations;

    @BeforeEach
    void migrationsOfTheApplication() throws IOException {
        write("V1__accounts.sql", "CREATE TABLE accounts (id INT);");
    }

    private void write(String file, String sql) throws IOException {
        Files.writeString(migrations.resolve(file), sql);
    }

    private void copyOurs(String script, String file) throws IOException {
        String resource = "/dev/apikeys/jdbi/schema/h2/" + script;
        try (InputStream in =
                Objects.requireNonNull(ApplicationFlywayTest.class.getResourceAsStream(resource), resource)) {
            Files.copy(in, migrations.resolve(file));
        }
    }

    /** What the application has been through before it has keys. */
    private void grow(String... files) throws IOException {
        for (String file : files) {
            write(file, "CREATE TABLE " + file.substring(file.lastIndexOf('_') + 1).replace(".sql", " (id INT);"));
        }
        Flyway.configure()
                .dataSource(url, "sa", "")
                .locations("filesystem:" + migrations)
                .load()
                .migrate();
    }

    private ConfigurableApplicationContext start(Class<?>... configurations) {
        Class<?>[] all = new Class<?>[configurations.length + 2];
        all[0] = Application.class;
        all[1] = Servers.Tomcat.class;
        System.arraycopy(configurations, 0, all, 2, configurations.length);
        SpringApplication spring = new SpringApplication(all);
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", url);
        properties.put("spring.datasource.username", "sa");
        properties.put("spring.flyway.locations", "filesystem:" + migrations);
        properties.put("apikeys.store.schema", "expect");
        spring.setDefaultProperties(properties);
        return spring.run();
    }

    /** How many rows the table has, after a key was issued and accepted. */
    private static int works(ConfigurableApplicationContext application, String table) {
        KeyService keys = application.getBean(KeyService.class);
        IssuedKey key = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
        assertThat(keys.verify(key.token().reveal()).orElseThrow().getName()).isEqualTo("alice");
        JdbcTemplate sql = new JdbcTemplate(application.getBean(DataSource.class));
        return sql.queryForObject("SELECT count(*) FROM " + table, Integer.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scriptAmongTheApplicationsOwn_makesTheTables(boolean grown) throws Exception {
        if (grown) {
            grow("V41__more.sql");
        }
        copyOurs("V1__api_keys.sql", "V42__api_keys.sql");
        copyOurs("V2__metadata_and_notices.sql", "V43__metadata_and_notices.sql");
        try (ConfigurableApplicationContext application = start()) {
            assertThat(works(application, "accounts")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void historyOfItsOwn_makesTheTables(boolean grown) throws Exception {
        if (grown) {
            grow("V300__more.sql");
        }
        try (ConfigurableApplicationContext application = start(OwnHistory.class)) {
            assertThat(works(application, "accounts")).isZero();
        }
        if (grown) {
            write("V301__later.sql", "CREATE TABLE later (id INT);");
            try (ConfigurableApplicationContext application = start(OwnHistory.class)) {
                assertThat(works(application, "later")).isZero();
            }
        }
    }

    /** A database that had tables before it had Flyway. */
    @Test
    void historyOfItsOwn_besideABaselineOfTheApplication_makesTheTables() throws Exception {
        new JdbcTemplate(new DriverManagerDataSource(url, "sa", ""))
                .execute("CREATE TABLE accounts (id INT)");
        write("V2__more.sql", "CREATE TABLE more (id INT);");
        properties.put("spring.flyway.baseline-on-migrate", "true");
        try (ConfigurableApplicationContext application = start(OwnHistory.class)) {
            assertThat(works(application, "more")).isZero();
        }
    }
}
