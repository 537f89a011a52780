package dev.apikeys.spring.test;

import dev.apikeys.spring.ApiKeysReactiveAutoConfiguration;
import dev.apikeys.spring.ApiKeysScopesAutoConfiguration;
import dev.apikeys.spring.ApiKeysServletAutoConfiguration;
import dev.apikeys.testkit.TestKeys;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives a slice of an application, such as {@code @WebMvcTest} or {@code @WebFluxTest}, API keys that are kept in memory: no
 * database is needed. A bean of type {@link TestKeys} issues tokens, and can make the store fail and the clock run.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ImportAutoConfiguration({
    InMemoryKeysAutoConfiguration.class,
    ApiKeysScopesAutoConfiguration.class,
    ApiKeysServletAutoConfiguration.class,
    ApiKeysReactiveAutoConfiguration.class
})
public @interface AutoConfigureApiKeys {}
