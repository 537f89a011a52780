package dev.apikeys.spring;

import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Flyway as Spring Boot sets it up, and the tables of keys with a history of their own. */
@Configuration(proxyBeanMethods = false)
class OwnHistory {
    // tag::strategy[]
    @Bean
    FlywayMigrationStrategy migrations() {
        return yours -> {
            yours.migrate();
            Flyway.configure()
                    .dataSource(yours.getConfiguration().getDataSource())
                    .locations("classpath:dev/apikeys/jdbi/schema/h2")
                    .table("api_key_schema_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        };
    }
    // end::strategy[]
}
