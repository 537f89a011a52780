package dev.apikeys.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.security.test.context.support.WithSecurityContext;

/**
 * Runs a test, or all tests of a class, as if requests came with a key: {@code @WithApiKey(scopes = "read:systems")}.
 *
 * <p>It sets who is calling and changes no request. Where CSRF protection is on, a request that changes something needs a
 * token: {@code post("/systems").with(csrf())}. {@link MockMvcApiKey} and {@link WebTestClientApiKey} need none.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@WithSecurityContext(factory = WithApiKeyFactory.class)
public @interface WithApiKey {
    /** What the key may do; everything but what no key ever may by default. */
    String[] scopes() default "*:*";

    /** The user that the key acts for. */
    String user() default "user";

    /** The user's organization; empty: none. */
    String organization() default "";
}
