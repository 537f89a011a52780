package dev.apikeys.spring.test;

import dev.apikeys.KeyService;
import dev.apikeys.spring.ApiKeysAutoConfiguration;
import dev.apikeys.testkit.TestKeys;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Keys in memory in the place of a database. */
@AutoConfiguration(before = ApiKeysAutoConfiguration.class)
class InMemoryKeysAutoConfiguration {
    @Bean(destroyMethod = "close")
    TestKeys apiKeyTestKeys() {
        return new TestKeys();
    }

    /** Closed by the bean above. */
    @Bean(destroyMethod = "")
    KeyService apiKeyService(TestKeys keys) {
        return keys.keys();
    }
}
